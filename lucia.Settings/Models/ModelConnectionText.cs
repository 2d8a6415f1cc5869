using System.Data.Common;
using System.Globalization;
namespace Lucia.Settings;

/// <summary>The parts of a model connection string as they are written, each <see langword="null"/> when absent.</summary>
internal sealed record ModelConnectionText(string? Endpoint, string? AccessKey, string? Model, string? Provider)
{
    private static readonly SettingFault Garbage = new(
        "is not a connection string.",
        "Write it as Endpoint=<url>;Model=<model>;Provider=<provider>, each part as name=value, separated by semicolons.");

    /// <summary>
    /// The names of the parts. Key, Deployment, DeploymentId and EndpointAIInference are what Aspire's OpenAI, Azure and GitHub Models
    /// integrations write, so that their connection strings are understood as they are.
    /// </summary>
    private static readonly Dictionary<string, string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Endpoint"] = nameof(Endpoint),
        ["AccessKey"] = nameof(AccessKey),
        ["Model"] = nameof(Model),
        ["Provider"] = nameof(Provider),
        ["Key"] = nameof(AccessKey),
        ["Deployment"] = nameof(Model),
        ["DeploymentId"] = nameof(Model),
        ["EndpointAIInference"] = "EndpointAIInference",
    };

    public static bool TryRead(string text, [NotNullWhen(true)] out ModelConnectionText? parts, [NotNullWhen(false)] out SettingFault? fault)
    {
        parts = null;
        if (!TrySplit(text, out var written) || written.Count == 0)
        {
            fault = Garbage;
            return false;
        }

        Dictionary<string, string> values = [];
        foreach (var (name, value) in written)
        {
            if (!Names.TryGetValue(name, out var part))
            {
                fault = Unknown(name);
                return false;
            }

            if (Placeholder.IsPlaceholder(value))
            {
                fault = new($"still holds a placeholder of an example as its {part}.", $"Replace it with your own {part}.");
                return false;
            }

            if (!values.TryAdd(part, value) && values[part] != value)
            {
                fault = new($"says {part} twice, and not the same.", "Keep one of the two.");
                return false;
            }
        }

        fault = null;
        var inference = values.GetValueOrDefault("EndpointAIInference");
        parts = new(
            inference ?? values.GetValueOrDefault(nameof(Endpoint)),
            values.GetValueOrDefault(nameof(AccessKey)),
            values.GetValueOrDefault(nameof(Model)),
            values.GetValueOrDefault(nameof(Provider)) ?? (inference is null ? null : ModelProviderNames.NameOf(ModelProvider.AzureInference)));
        fault = CheckKey(parts.AccessKey);
        return fault is null;
    }

    /// <summary>A connection string of the given parts, quoted where a part needs it.</summary>
    public static string Compose(string endpoint, string? accessKey, string model, string? provider = null)
    {
        var builder = new DbConnectionStringBuilder { [nameof(Endpoint)] = endpoint };
        if (accessKey is not null)
            builder[nameof(AccessKey)] = accessKey;
        builder[nameof(Model)] = model;
        if (provider is not null)
            builder[nameof(Provider)] = provider;
        return builder.ConnectionString;
    }

    private static SettingFault? CheckKey(string? key) => key is not null && key.Any(character => character is <= ' ' or > '~')
        ? new("has an AccessKey with a space, a line break or a character outside ASCII, which no HTTP header can carry.", "Copy the key again, without anything before or after it.")
        : null;

    /// <summary>An unknown name may be a piece of the access key behind an unquoted semicolon, so it is never repeated.</summary>
    private static SettingFault Unknown(string name) => NearestName.Find(name, Names.Keys, atMost: 2) is { } meant
        ? new($"has a part whose name is not known; it looks like {meant}.", $"Write {meant}=<value>.")
        : new(
            "has a part whose name is not known.",
            $"The parts are Endpoint, AccessKey, Model and Provider. A value with a semicolon is quoted: AccessKey=\"<key>\"; or set the access key apart.");

    private static bool TrySplit(string text, out List<KeyValuePair<string, string>> parts)
    {
        parts = [];
        try
        {
            var builder = new DbConnectionStringBuilder { ConnectionString = text };
            foreach (string name in builder.Keys)
            {
                if (Convert.ToString(builder[name], CultureInfo.InvariantCulture)?.Trim() is { Length: > 0 } value)
                    parts.Add(new(name, value));
            }

            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    public override string ToString() => $"Endpoint={Endpoint};Model={Model};Provider={Provider}";
}
