using Lucia.AgentHost;
using Lucia.AgentHost.Doctor;
using Lucia.ServiceDefaults;

if (await ServiceCommand.TryRunAsync(args, Console.Out, Console.Error, DoctorCommand.Verb) is { } answered) return answered;

var builder = WebApplication.CreateSlimBuilder(args);
if (!builder.TryAddLuciaSettings(Console.Error, out var settings)) return LuciaSettingsExtensions.ConfigurationExitCode;

await builder.BuildAgentHost(settings).RunAsync();
return 0;
