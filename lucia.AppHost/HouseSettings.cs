using Lucia.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.EnvironmentVariables;

namespace Lucia.AppHost;

/// <summary>
/// What the person who runs the AppHost has configured, in any spelling the catalogue knows and in any source: files, user secrets, environment,
/// command line, and <c>Parameters:name</c>. A publish looks at none of it: what is deployed must not depend on who publishes.
/// </summary>
internal sealed class HouseSettings
{
    private readonly IDistributedApplicationBuilder _builder;
    private readonly bool _isRun;
    private readonly ResolvedSettings _resolved;
    private readonly List<string> _problems = [];

    internal HouseSettings(IDistributedApplicationBuilder builder)
    {
        _builder = builder;
        _isRun = builder.ExecutionContext.IsRunMode;
        _resolved = SettingsReader.Resolve(_isRun ? [.. SourcesOf(builder.Configuration)] : []);
        _problems.AddRange(_resolved.Problems.Select(problem => problem.ToString()));
        Port = ReadPort();

        // Both engines read connection strings under these names, whatever spelling the user chose.
        foreach (var setting in new Setting[] { SettingsCatalogue.ChatModel, SettingsCatalogue.EmbeddingModel })
        {
            if (_resolved[setting] is { } found)
                builder.Configuration[setting.ConfigurationKey] = found.Value;
        }
    }

    /// <summary>The port the chat page is on in a run.</summary>
    internal int Port { get; }

    internal bool HasRedis => _resolved.IsSet(SettingsCatalogue.Redis);

    internal bool SimulatesChatModel => _isRun && !_resolved.IsSet(SettingsCatalogue.ChatModel);

    internal bool SimulatesHome => _isRun && !_resolved.IsSet(SettingsCatalogue.HomeAssistantBaseUrl);

    internal bool NeedsSimulator => SimulatesChatModel || SimulatesHome;

    /// <summary>It is optional: beside a real chat model none is simulated.</summary>
    internal bool SimulatesEmbeddingModel => SimulatesChatModel && !_resolved.IsSet(SettingsCatalogue.EmbeddingModel);

    internal bool HasEmbeddingModel => !_isRun || _resolved.IsSet(SettingsCatalogue.EmbeddingModel);

    /// <summary>Names every setting that says two things, on standard error.</summary>
    internal bool ComplainOfProblems()
    {
        foreach (var problem in _problems)
            Console.Error.WriteLine(problem);
        if (_problems.Count > 0)
            Environment.ExitCode = 1;
        return _problems.Count > 0;
    }

    /// <summary>
    /// The settings that are passed on one by one, with the parameters that carry them: all of them when publishing, in a run those that are set.
    /// </summary>
    internal IEnumerable<(Setting Setting, IResourceBuilder<ParameterResource> Parameter)> Parameters()
    {
        foreach (var setting in SettingsCatalogue.All.Where(IsPassedOn))
        {
            var parameter = !_isRun && setting == SettingsCatalogue.AuthApiKey ? GeneratedKey(setting) : Parameter(setting);
            yield return (setting, parameter.WithDescription(setting.Description));
        }
    }

    /// <summary>The other spellings of a setting that the service would inherit beside the one it is given.</summary>
    internal IEnumerable<string> InheritedSpellings() =>
        _isRun
            ? SettingsCatalogue.All.SelectMany(setting => setting.Spellings.Where(spelling => spelling != setting.Key || SimulatedKeys().Contains(setting))).Distinct()
                .Where(spelling => Environment.GetEnvironmentVariable(spelling) is { Length: > 0 })
            : [];

    /// <summary>What is published is the catalogue's default, never the value of whoever publishes.</summary>
    private IResourceBuilder<ParameterResource> Parameter(Setting setting)
    {
        var value = _resolved[setting]?.Value ?? setting.Default ?? "";
        return _builder.AddParameter(setting.ParameterName, () => value, publishValueAsDefault: !setting.Secret && !_isRun, secret: setting.Secret);
    }

    /// <summary>A deployment can be reached by others, so it always has a key.</summary>
    private IResourceBuilder<ParameterResource> GeneratedKey(Setting setting) =>
        _builder.AddParameter(setting.ParameterName, new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true);

    private bool IsPassedOn(Setting setting)
    {
        if (setting == SettingsCatalogue.ChatModel || setting == SettingsCatalogue.EmbeddingModel || setting.Scope != SettingScope.Service)
            return false;
        if (SimulatedKeys().Contains(setting) || (SimulatesHome && setting == SettingsCatalogue.HomeAssistantAccessToken))
            return false;
        return _isRun ? _resolved.IsSet(setting) && (!IsRedis(setting) || HasRedis) : IsPublished(setting);
    }

    /// <summary>Whether a deployment has a parameter for it. It brings its own Redis, and where secret files lie is the target's to say.</summary>
    internal static bool IsPublished(Setting setting) =>
        setting.Scope == SettingScope.Service && !IsRedis(setting) && setting != SettingsCatalogue.SecretsDirectory;

    private static bool IsRedis(Setting setting) => setting == SettingsCatalogue.Redis || setting == SettingsCatalogue.RedisPassword;

    /// <summary>A key of one's own says nothing to a simulated model, whose connection string carries the simulator's.</summary>
    private IEnumerable<Setting> SimulatedKeys()
    {
        if (SimulatesChatModel)
            yield return SettingsCatalogue.ChatModelAccessKey;
        if (SimulatesEmbeddingModel)
            yield return SettingsCatalogue.EmbeddingModelAccessKey;
    }

    private int ReadPort()
    {
        var setting = SettingsCatalogue.Port;
        var text = _resolved[setting]?.Value ?? setting.Default!;
        if (setting.TryParse(text, out var port, out var fault))
            return port;
        _problems.Add($"{setting.Key} {fault.What} {fault.Remedy}");
        return 0;
    }

    private static IEnumerable<SettingSource> SourcesOf(IConfigurationRoot configuration)
    {
        var isCommandLine = false;
        foreach (var provider in configuration.Providers)
        {
            // Whatever is added after the environment is the command line, in both engines.
            var isEnvironment = provider is EnvironmentVariablesConfigurationProvider;
            var (name, band) = isEnvironment ? ("the environment", SettingBand.Environment)
                : isCommandLine ? ("the command line", SettingBand.CommandLine)
                : (provider.ToString() ?? "configuration", SettingBand.ApplicationFiles);
            isCommandLine |= isEnvironment;
            yield return new SettingSource(name, band, new ConfigurationRoot([provider]).AsEnumerable().Select(Named));
        }
    }

    private static KeyValuePair<string, string?> Named(KeyValuePair<string, string?> entry)
    {
        const string Prefix = "Parameters:";
        if (!entry.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            return entry;
        var name = entry.Key[Prefix.Length..].Replace('_', '-');
        var setting = SettingsCatalogue.All.FirstOrDefault(setting => string.Equals(setting.ParameterName, name, StringComparison.OrdinalIgnoreCase));
        return setting is null ? entry : KeyValuePair.Create(setting.ConfigurationKey, entry.Value);
    }
}

/// <summary>What AppHost.cs says in words of its own.</summary>
internal static class HouseExtensions
{
    internal static HouseSettings ReadSettings(this IDistributedApplicationBuilder builder) => new(builder);

    /// <summary>Points the service at the simulator, by its name, for whatever is not configured, and lets it say so.</summary>
    internal static void WithSimulated(
        this IResourceBuilder<ProjectResource> service, HouseSettings settings, string simulator, IResourceBuilder<ParameterResource> token)
    {
        List<string> simulated = [];
        if (settings.SimulatesChatModel)
        {
            simulated.Add("chat-model");
            service.WithEnvironment("ConnectionStrings__chat-model", Model(simulator, token, "simulated-house"));
        }

        if (settings.SimulatesEmbeddingModel)
        {
            simulated.Add("embedding-model");
            service.WithEnvironment("ConnectionStrings__embedding-model", Model(simulator, token, "simulated-embedding"));
        }

        if (settings.SimulatesHome)
        {
            simulated.Add("home");
            service.WithEnvironment("HomeAssistant__BaseUrl", $"http://{simulator}").WithEnvironment("HomeAssistant__AccessToken", token);
        }

        service.WithEnvironment("Lucia__Simulated", string.Join(',', simulated));
    }

    /// <summary>Passes the settings on under their own keys, and blanks other spellings that would be inherited: an empty setting is none.</summary>
    internal static void WithSettings(this IResourceBuilder<ProjectResource> service, HouseSettings settings)
    {
        foreach (var (setting, parameter) in settings.Parameters())
            service.WithEnvironment(setting.Key, parameter);
        foreach (var spelling in settings.InheritedSpellings())
            service.WithEnvironment(spelling, "");
    }

    private static ReferenceExpression Model(string simulator, IResourceBuilder<ParameterResource> token, string model) =>
        ReferenceExpression.Create($"Endpoint=http://{simulator}/v1;AccessKey={token.Resource};Model={model};Provider=openai-compatible");
}
