using Lucia.AgentHost;
using Lucia.ServiceDefaults;

if (await ServiceCommand.TryRunAsync(args, Console.Out) is { } answered) return answered;

var builder = WebApplication.CreateSlimBuilder(args);
if (!builder.TryAddLuciaSettings(Console.Error, out var exitCode)) return exitCode;

await builder.BuildAgentHost().RunAsync();
return 0;
