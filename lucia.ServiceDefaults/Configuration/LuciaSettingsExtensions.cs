using System.Diagnostics.CodeAnalysis;
using Lucia.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Lucia.ServiceDefaults;

/// <summary>Reads Lucia's settings before the service is built.</summary>
public static class LuciaSettingsExtensions
{
    /// <summary>The exit code of a service whose settings are wrong: EX_CONFIG of sysexits.h.</summary>
    public const int ConfigurationExitCode = 78;

    /// <summary>
    /// Reads the settings from the builder's configuration and the secret files, registers <see cref="LuciaSettings"/> as a singleton and writes every value
    /// back into the configuration under its catalogue key. When anything is wrong, all of it is written to <paramref name="error"/>.
    /// </summary>
    /// <param name="builder">The application's builder, with its configuration sources in place.</param>
    /// <param name="error">Where problems are written; standard error in a service.</param>
    /// <param name="settings">The settings, when the answer is <see langword="true"/>.</param>
    /// <returns>Whether the service can start; if not, it ends with <see cref="ConfigurationExitCode"/>.</returns>
    /// <example>
    /// <code>
    /// var builder = WebApplication.CreateSlimBuilder(args);
    /// if (!builder.TryAddLuciaSettings(Console.Error, out var settings))
    ///     return LuciaSettingsExtensions.ConfigurationExitCode;
    /// </code>
    /// </example>
    public static bool TryAddLuciaSettings(this WebApplicationBuilder builder, TextWriter error, [NotNullWhen(true)] out LuciaSettings? settings)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(error);

        var (result, problems) = builder.ReadLuciaSettings();
        settings = problems.Count == 0 ? result.Settings : null;
        if (settings is null)
        {
            var isJournal = error == Console.Error && LogFormat.Of(builder.Configuration, builder.Environment) == JournalFormatter.FormatterName;
            ProblemReport.Write(error, problems, isJournal ? JournalFormatter.Error : "");
            return false;
        }

        builder.Configuration.AddInMemoryCollection(
            result.Values.Select(value => KeyValuePair.Create(value.Key.Replace("__", ":", StringComparison.Ordinal), (string?)value.Value)));
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(new SettingWarnings(result.Warnings));
        return true;
    }

    /// <summary>Reads the settings as <see cref="TryAddLuciaSettings"/> does, and changes nothing.</summary>
    /// <param name="builder">The application's builder, with its configuration sources in place.</param>
    /// <returns>What was read, and everything that keeps the service from starting: problems of the secret files, then of the settings.</returns>
    public static (SettingsResult Result, IReadOnlyList<SettingProblem> Problems) ReadLuciaSettings(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var files = SecretFiles.Read(builder.Configuration[SettingsCatalogue.SecretsDirectory.ConfigurationKey]);
        SettingSource[] sources = [.. ConfigurationSources.Of(builder.Configuration), .. files.Sources];
        var result = SettingsReader.Read(sources, ListenAddresses.Of(builder.Configuration));
        return (result, [.. files.Problems, .. result.Problems]);
    }
}

/// <summary>What deserved a look when the settings were read; logged once at the start.</summary>
/// <param name="All">The warnings, without any value.</param>
public sealed record SettingWarnings(IReadOnlyList<SettingWarning> All);
