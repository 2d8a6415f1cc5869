using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Building;

/// <summary>Values of the model that come from configuration, and what to say when they do not.</summary>
internal static class ConfigurationValues
{
    /// <summary>The value of a parameter; a shell cannot name a variable with a hyphen, so an underscore will do.</summary>
    internal static string Parameter(IConfiguration configuration, string name, ParameterDefault? fallback) =>
        Find(configuration, $"Parameters:{name}")
        ?? fallback?.GetDefaultValue()
        ?? throw new MissingParameterValueException(Missing($"The parameter '{name}'", $"Parameters:{name}"));

    /// <summary>The connection string of a name.</summary>
    internal static string ConnectionString(IConfiguration configuration, string name) =>
        Find(configuration, $"ConnectionStrings:{name}")
        ?? throw new MissingParameterValueException(Missing($"The connection string '{name}'", $"ConnectionStrings:{name}"));

    private static string? Find(IConfiguration configuration, string key) => configuration[key] ?? configuration[key.Replace('-', '_')];

    private static string Missing(string what, string key) =>
        $"{what} has no value. Set it with `dotnet user-secrets set \"{key}\" VALUE` in the AppHost's folder, "
        + $"or in the environment: {key.Replace(":", "__", StringComparison.Ordinal).Replace('-', '_')}=VALUE.";
}
