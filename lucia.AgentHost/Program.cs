using Lucia.AgentHost;
using Lucia.AgentHost.Agents;
using Lucia.AgentHost.Chat;
using Lucia.AgentHost.Pages;
using Lucia.ServiceDefaults;

var builder = WebApplication.CreateSlimBuilder(args);
if (!builder.TryAddLuciaSettings(Console.Error, out var exitCode)) return exitCode;

builder.AddServiceDefaults();
builder.Services.AddAgentHost((Lucia.Settings.LuciaSettings)builder.Services.Single(service => service.ServiceType == typeof(Lucia.Settings.LuciaSettings)).ImplementationInstance!);

var app = builder.Build();
app.UseServiceDefaults();
app.MapDefaultEndpoints();
app.MapAgentsApi().MapChatApi().MapPages();
await app.RunAsync();
return 0;
