using Aspire.Hosting;
using Sample.AppHost;

if (args is ["serve"])
{
    await WebService.RunAsync();
    return;
}

// Which resources there are is configuration, so that one AppHost serves every test: --Sample:Resources=redis,web
// SAMPLE_DIRECTORY stands for the project's own, where a test wants to say what lies there.
var builder = DistributedApplication.CreateBuilder(
    new DistributedApplicationOptions { Args = args, ProjectDirectory = Environment.GetEnvironmentVariable("SAMPLE_DIRECTORY") });
foreach (var name in (builder.Configuration["Sample:Resources"] ?? "redis,web").Split(','))
    Resources.Add(builder, name);
builder.Build().Run();
