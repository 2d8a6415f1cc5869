using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Dashboard;

/// <summary>What opens the parts of a dashboard: generated for every run, unless configuration gives one under Aspire's own names.</summary>
/// <param name="Browser">In the address a person opens.</param>
/// <param name="Telemetry">Sent by whoever sends telemetry.</param>
/// <param name="Resources">Sent by the dashboard to the resource service.</param>
/// <param name="Api">Sent by whoever reads telemetry from the dashboard.</param>
internal sealed record DashboardKeys(string Browser, string Telemetry, string Resources, string Api)
{
    internal const string ApiSetting = "AppHost:DashboardApiKey";

    /// <summary>All of them, as they are and as they stand in an address.</summary>
    internal IReadOnlyCollection<string> All =>
        new[] { Browser, Telemetry, Resources, Api }.SelectMany(key => new[] { key, Uri.EscapeDataString(key) }).ToHashSet();

    internal static DashboardKeys Of(IConfiguration configuration)
    {
        return new(Key("AppHost:BrowserToken"), Key("AppHost:OtlpApiKey"), Key("AppHost:ResourceService:ApiKey"), Key(ApiSetting));

        string Key(string setting) =>
            configuration[setting] is { Length: > 0 } given ? given : Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
    }
}
