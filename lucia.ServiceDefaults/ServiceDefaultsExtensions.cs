using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Lucia.ServiceDefaults;

/// <summary>What every service of the house has. See <see cref="LuciaSettingsExtensions.TryAddLuciaSettings"/> for the settings, which come first.</summary>
/// <example>
/// <code>
/// var builder = WebApplication.CreateSlimBuilder(args);
/// if (!builder.TryAddLuciaSettings(Console.Error, out var settings))
///     return LuciaSettingsExtensions.ConfigurationExitCode;
///
/// builder.AddServiceDefaults();
/// var app = builder.Build();
/// app.UseServiceDefaults();
/// app.MapDefaultEndpoints();
/// await app.RunAsync();
/// return 0;
/// </code>
/// </example>
public static partial class ServiceDefaultsExtensions
{
    /// <summary>The largest request body that is read, in bytes.</summary>
    public const long MaximumBodyBytes = 64 * 1024;

    /// <summary>Adds access, health, problems, telemetry, names of services, bounded requests, a log that fits where it is read, and an end that drains.</summary>
    public static WebApplicationBuilder AddServiceDefaults(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddHealthChecks();
        services.AddSingleton<ApiAccess>();
        services.AddSingleton<RequestLimits>();
        services.AddSingleton<Readiness>();
        services.AddSingleton<HealthReporter>();

        // Thrown, a bad request says which part of its body is wrong.
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.Configure<KestrelServerOptions>(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = MaximumBodyBytes;
        });

        builder.Logging
            .AddConsoleFormatter<LineFormatter, ConsoleFormatterOptions>()
            .AddConsoleFormatter<JournalFormatter, ConsoleFormatterOptions>()
            .AddConsoleFormatter<JsonLineFormatter, ConsoleFormatterOptions>()
            .AddConsole(console => console.FormatterName = LogFormat.Of(builder.Configuration, builder.Environment));

        // First in line, so that Logging__LogLevel__Microsoft.AspNetCore in the configuration still has the last word.
        services.Configure<LoggerFilterOptions>(options =>
        {
            options.Rules.Insert(0, new(null, "Microsoft.AspNetCore", LogLevel.Warning, null));
            options.Rules.Insert(0, new(null, "System.Net.Http.HttpClient", LogLevel.Warning, null));
            // Where it listens is told below; the environment's name and the content root are worth no line.
            options.Rules.Insert(0, new(null, "Microsoft.Hosting.Lifetime", LogLevel.Warning, null));
        });
        services.AddServiceNames(builder.Configuration);
        builder.AddTelemetry();
        Drain.Add(services, builder.Configuration);
        if (SystemdSocket.FromEnvironment() is { } systemd)
            services.AddSingleton(systemd).AddHostedService<SystemdNotification>();
        return builder;
    }

    /// <summary>Puts problems, telemetry and access in front of everything that is mapped. Call it before any other <c>Use…</c>.</summary>
    public static WebApplication UseServiceDefaults(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseMiddleware<RequestActivityMiddleware>();
        app.UseMiddleware<ProblemMiddleware>();
        app.UseMiddleware<AccessMiddleware>();
        return app;
    }

    /// <summary>Maps <c>/alive</c>, <c>/health/ready</c> and <c>/health</c>, and logs what was odd about the settings.</summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.MapHealth();
        app.Lifetime.ApplicationStarted.Register(() => LogListening(app.Logger, string.Join(", ", app.Urls)));
        foreach (var warning in app.Services.GetService<SettingWarnings>()?.All ?? [])
            LogWarning(app.Logger, warning.Setting, warning.Source, warning.What);
        return app;
    }

    [LoggerMessage(LogLevel.Information, "Listening on {Addresses}")]
    private static partial void LogListening(ILogger logger, string addresses);

    [LoggerMessage(LogLevel.Warning, "{Setting} ({Source}) {What}")]
    private static partial void LogWarning(ILogger logger, string setting, string source, string what);
}
