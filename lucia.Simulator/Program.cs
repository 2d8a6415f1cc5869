var builder = WebApplication.CreateSlimBuilder(args);
var app = builder.Build();
app.MapGet("/alive", () => "alive");
await app.RunAsync();
