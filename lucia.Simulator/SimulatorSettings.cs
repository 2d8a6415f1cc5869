using System.Globalization;
using System.Net;

namespace Lucia.Simulator;

/// <summary>What the simulator is told at its start.</summary>
/// <param name="AccessToken">Home Assistant's long-lived token and the model's key.</param>
/// <param name="TokensPerSecond">The pace of streamed answers; 0 is as fast as possible.</param>
public sealed record SimulatorSettings(string AccessToken, double TokensPerSecond)
{
    internal const string DefaultUrl = "http://127.0.0.1:5080";

    /// <summary>Reads and checks the settings.</summary>
    /// <exception cref="SettingsInvalid">One or more are wrong; the message lists them all.</exception>
    internal static SimulatorSettings Read(IConfiguration configuration)
    {
        var problems = new List<string>();
        var token = configuration["Simulator:AccessToken"];
        if (string.IsNullOrWhiteSpace(token))
            problems.Add("Simulator:AccessToken is not set. Set Simulator__AccessToken to a secret of your choice; clients present it as their bearer token.");

        var pace = 40.0;
        if (configuration["Simulator:TokensPerSecond"] is { Length: > 0 } text
            && (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out pace) || pace is not (>= 0 and <= 100_000)))
        {
            problems.Add($"Simulator:TokensPerSecond is '{text}'; expected a number from 0 (no pauses) to 100000.");
        }

        var urls = (configuration["urls"] is { Length: > 0 } set ? set : DefaultUrl).Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Concat(configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"] ?? ""));
        foreach (var url in configuration.GetValue("Simulator:AnyAddress", false) ? [] : urls.Where(url => !IsLoopback(url)))
        {
            problems.Add($"The address '{url}' is not a loopback address. The simulator is no real home and listens on this machine alone: use http://127.0.0.1:PORT. "
                + "In a container, whose network is its bound, set Simulator__AnyAddress=true.");
        }

        return problems.Count == 0 ? new SimulatorSettings(token!, pace) : throw new SettingsInvalid(string.Join(Environment.NewLine, problems));
    }

    private static bool IsLoopback(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && (uri.Host == "localhost" || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address)));
}

/// <summary>The settings do not allow a start; the message says what is wrong and how to mend it.</summary>
public sealed class SettingsInvalid(string message) : Exception(message);
