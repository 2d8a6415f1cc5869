using Microsoft.Extensions.Configuration;

namespace Lucia.ServiceDefaults;

/// <summary>What a service's program does besides serving: <c>--healthcheck</c>, <c>--version</c>, <c>--help</c>. An image without a shell asks itself.</summary>
public static class ServiceCommand
{
    private const int WrongUsage = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Runs the command that the arguments name.</summary>
    /// <param name="args">The program's arguments.</param>
    /// <param name="output">Where the answer goes, one line or the help.</param>
    /// <param name="error">Where it is said what is wrong with the arguments.</param>
    /// <param name="verbs">What this program does besides; each is known by its name and as an option, <c>doctor</c> and <c>--doctor</c>.</param>
    /// <returns>
    /// The exit code: 0, 1 for an unhealthy service, 2 for arguments that are neither a command nor settings; <see langword="null"/> when there are only
    /// settings or none, and the service is to start.
    /// </returns>
    public static async Task<int?> TryRunAsync(string[] args, TextWriter output, TextWriter error, params ServiceVerb[] verbs)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(error);
        ArgumentNullException.ThrowIfNull(verbs);
        if (args.Length > 0 && verbs.FirstOrDefault(verb => args[0] == verb.Name || args[0] == "--" + verb.Name) is { } named)
            return await named.RunAsync(args[1..], output);

        switch (args)
        {
            case ["--version"]:
                await output.WriteLineAsync($"{BuildVersion.Current.Version} ({BuildVersion.Current.Commit ?? "unknown commit"})");
                return 0;
            case ["--healthcheck"]:
                return await CheckAsync(OwnAddress(), output);
            case ["--healthcheck", var url] when Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https":
                return await CheckAsync(address, output);
            case ["--healthcheck", ..]:
                await output.WriteLineAsync("--healthcheck takes the address of a service, such as http://lucia:8080/health/ready, or nothing for this one.");
                return 1;
            case ["--help" or "-h"]:
                await output.WriteLineAsync(Help(verbs));
                return 0;
            default:
                string[] commands = [.. verbs.Select(verb => verb.Name), "--healthcheck", "--version", "--help"];
                var faults = new ServiceArguments([.. commands, "-h", .. verbs.Select(verb => "--" + verb.Name)]).Faults(args);
                if (faults.Count == 0) return null;
                foreach (var fault in faults) await error.WriteLineAsync(fault);
                await error.WriteLineAsync($"Commands: {string.Join(", ", commands)}. Settings: --Section:Key=value. See {AppDomain.CurrentDomain.FriendlyName} --help.");
                return WrongUsage;
        }
    }

    private static string Help(ServiceVerb[] verbs) => $"""
        Usage: {AppDomain.CurrentDomain.FriendlyName} [options]

          (no option)          serve; settings come from the environment, secret files and --Section:Key=value
          --healthcheck [URL]  ask a running service whether it is ready: exit 0 when it is, else 1
          --version            version and commit
          --help               this text
        {string.Concat(verbs.Select(verb => $"  {verb.Usage,-19}  {verb.Description.ReplaceLineEndings(Environment.NewLine + new string(' ', 23))}{Environment.NewLine}"))}
        Examples
          {AppDomain.CurrentDomain.FriendlyName} --urls http://127.0.0.1:5000
          {AppDomain.CurrentDomain.FriendlyName} --healthcheck
          {AppDomain.CurrentDomain.FriendlyName} --healthcheck http://lucia:8080/health/ready

        Exit codes: 0 done, stopped or well, 1 failed or unhealthy, 2 wrong usage, 78 wrong settings (every problem is listed on standard error).
        """;

    /// <summary>Where this service listens, by the same configuration that it is started with; by loopback when it listens everywhere.</summary>
    private static Uri OwnAddress()
    {
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables("ASPNETCORE_").AddEnvironmentVariables("DOTNET_").AddEnvironmentVariables().Build();
        var listens = BindingAddress(ListenAddresses.Of(configuration)[0]);
        return new Uri(listens, "/health/ready");
    }

    internal static Uri BindingAddress(string address)
    {
        var binding = Microsoft.AspNetCore.Http.BindingAddress.Parse(address);
        var host = binding.Host is "*" or "+" or "0.0.0.0" or "[::]" ? "127.0.0.1" : binding.Host;
        return new Uri($"{binding.Scheme}://{host}:{binding.Port}");
    }

    private static async Task<int> CheckAsync(Uri address, TextWriter output)
    {
        using var client = new HttpClient { Timeout = Patience };
        try
        {
            using var response = await client.GetAsync(address);
            await output.WriteLineAsync(response.IsSuccessStatusCode ? "ready" : $"not ready: {address} answered {(int)response.StatusCode}");
            return response.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            await output.WriteLineAsync(exception is HttpRequestException ? $"not ready: nobody answers at {address}" : $"not ready: {address} did not answer within {Patience.TotalSeconds} s");
            return 1;
        }
    }
}

/// <summary>Something that a program does instead of serving.</summary>
/// <param name="Name">What it is asked for with.</param>
/// <param name="Usage">The name and its options, for the help.</param>
/// <param name="Description">What it does, for the help; may have several lines.</param>
/// <param name="RunAsync">Does it: takes the arguments behind the name and where the answer goes, gives the exit code.</param>
public sealed record ServiceVerb(string Name, string Usage, string Description, Func<string[], TextWriter, Task<int>> RunAsync);
