using Aspire.Hosting;
using Sample.AppHost;

if (args is ["serve"])
{
    await WebService.RunAsync();
    return;
}

// Which resources there are is configuration, so that one AppHost serves every test: --Sample:Resources=redis,web
var builder = DistributedApplication.CreateBuilder(args);
foreach (var name in (builder.Configuration["Sample:Resources"] ?? "redis,web").Split(','))
    Resources.Add(builder, name);
builder.Build().Run();
