using System.Runtime.CompilerServices;
using Lucia.Settings;
using Microsoft.AspNetCore.Builder;

namespace Lucia.ServiceDefaults;

/// <summary>Telemetry for those who asked for it; for everyone else nothing of it is even loaded.</summary>
internal static class TelemetryExtensions
{
    public static bool IsTelemetryConfigured(this WebApplicationBuilder builder) =>
        !string.IsNullOrWhiteSpace(builder.Configuration[SettingsCatalogue.OtlpEndpoint.ConfigurationKey]);

    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        if (builder.IsTelemetryConfigured())
            AddOpenTelemetry(builder);
    }

    // Not inlined: the types of OpenTelemetry are resolved when a method that names them is compiled.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AddOpenTelemetry(WebApplicationBuilder builder) => OpenTelemetrySetup.Add(builder);
}
