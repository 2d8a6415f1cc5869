using Lucia.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;

namespace Lucia.ServiceDefaults;

/// <summary>Tells the sources of a configuration apart: merged, they no longer show which of two names was written where.</summary>
internal static class ConfigurationSources
{
    public static IEnumerable<SettingSource> Of(IConfigurationRoot configuration)
    {
        var environmentSeen = false;
        foreach (var provider in configuration.Providers)
        {
            switch (provider)
            {
                case EnvironmentVariablesConfigurationProvider when environmentSeen:
                case ChainedConfigurationProvider:
                    // The host's own prefixed view of the same environment and command line.
                    break;
                case EnvironmentVariablesConfigurationProvider:
                    environmentSeen = true;
                    yield return SettingSource.Environment();
                    break;
                case CommandLineConfigurationProvider:
                    yield return new("the command line", SettingBand.CommandLine, Entries(provider, null));
                    break;
                default:
                    yield return new(NameOf(provider), SettingBand.ApplicationFiles, Entries(provider, null));
                    break;
            }
        }
    }

    private static string NameOf(IConfigurationProvider provider) =>
        provider is FileConfigurationProvider { Source.Path: { } path } ? path : "the application's own configuration";

    private static IEnumerable<KeyValuePair<string, string?>> Entries(IConfigurationProvider provider, string? parent)
    {
        foreach (var child in provider.GetChildKeys([], parent).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            var key = parent is null ? child : ConfigurationPath.Combine(parent, child);
            if (provider.TryGet(key, out var value) && value is not null)
                yield return new(key, value);

            foreach (var entry in Entries(provider, key))
                yield return entry;
        }
    }
}
