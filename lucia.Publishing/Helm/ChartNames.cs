using System.Text;
using Lucia.Publishing.Expressions;
using Lucia.Publishing.Kubernetes.Objects;
using Lucia.Publishing.Plan;

namespace Lucia.Publishing.Helm;

/// <summary>The names of a chart: keys of its values, and what may be switched off or replaced by something outside.</summary>
internal sealed class ChartNames
{
    private readonly Dictionary<string, string> _workloads = [];
    private readonly Dictionary<string, string> _parameters = [];
    private readonly DeploymentPlan _plan;

    public ChartNames(DeploymentPlan plan)
    {
        _plan = plan;
        var taken = new HashSet<string> { "global", "nameOverride", "fullnameOverride", "imagePullSecrets", "settings", "secrets", "networkPolicy", ComputedSecrets };
        foreach (var workload in plan.Workloads)
            _workloads[workload.ResourceName] = Unique(Camel(workload.Name), taken);
        var keys = new HashSet<string> { "existingSecret" };
        foreach (var parameter in plan.Parameters)
            _parameters[parameter.Name] = Unique(Camel(parameter.Variable), keys);
    }

    /// <summary>Where the chart keeps the secrets of one rendering, so that a generated one is the same in every template.</summary>
    public const string ComputedSecrets = "computedSecrets";

    /// <summary>The chart's name, and the prefix of its named templates.</summary>
    public string Chart => _plan.Name;

    /// <summary>The key of a workload's values.</summary>
    public string Key(Workload workload) => _workloads[workload.ResourceName];

    /// <summary>The path of a workload's values.</summary>
    public string Values(Workload workload) => $"$.Values.{Key(workload)}";

    /// <summary>The key of a parameter in <c>settings</c> or <c>secrets</c>.</summary>
    public string Key(PlanParameter parameter) => _parameters[parameter.Name];

    /// <summary>A plain setting as text, as an action.</summary>
    public string Setting(PlanParameter parameter) => $"include \"{Chart}.text\" $.Values.settings.{Key(parameter)}";

    /// <summary>The key of something else.</summary>
    public static string Key(string name) => Camel(name);

    /// <summary>Whether something outside may take the workload's place: a registry's image that others call.</summary>
    public bool CanBeOutside(Workload workload) =>
        workload.Kind == WorkloadKind.Container && _plan.References.Any(r => r.To == workload.ResourceName);

    /// <summary>Whether it can be switched off.</summary>
    public bool HasSwitch(Workload workload) => workload.Optional || CanBeOutside(workload);

    /// <summary>The condition under which a generated secret is the chart's to make; null when it always is. A password of something outside is not.</summary>
    public string? MakesItself(PlanParameter secret)
    {
        var owners = _plan.Workloads.Where(w => CanBeOutside(w) && secret.UsedBy.Contains(w.ResourceName)).Select(w => $".Values.{Key(w)}.enabled").ToList();
        return owners.Count switch
        {
            0 => null,
            1 => owners[0],
            _ => $"or {string.Join(' ', owners)}",
        };
    }

    /// <summary>
    /// The condition under which a value can be given: it names a workload that is off unless asked for, and is then nowhere. Null when it always can.
    /// </summary>
    public string? Reachable(ValueExpression value)
    {
        var conditions = value.Parts.OfType<EndpointPart>().Select(p => _plan.Workload(p.Workload)).Where(static w => w.Optional).Distinct()
            .Select(w => CanBeOutside(w) ? $"or {Values(w)}.enabled {Values(w)}.external.host" : $"{Values(w)}.enabled").ToList();
        return conditions.Count switch
        {
            0 => null,
            1 => conditions[0],
            _ => $"and {string.Join(' ', conditions.Select(static c => $"({c})"))}",
        };
    }

    /// <summary>The object's name as an action, such as <c>include "shop.component" (list $ "redis")</c>.</summary>
    public string Component(string name) => $"include \"{Chart}.component\" (list $ \"{name}\")";

    /// <summary>The name of the Deployment or StatefulSet as an action.</summary>
    public string Runner(Workload workload)
    {
        // The release's own part has 40 characters and a hyphen.
        var fits = !StorageObjects.IsStatefulSet(_plan, workload) || workload.Name.Length + 41 <= ObjectNames.LongestStatefulSet;
        return fits ? Component(workload.Name) : $"include \"{Chart}.component\" (list $ \"{workload.Name}\" {ObjectNames.LongestStatefulSet})";
    }

    /// <summary>The host as an action.</summary>
    public string Host(Workload workload) => CanBeOutside(workload) ? $"include \"{Chart}.{workload.Name}.host\" $" : Component(workload.Name);

    /// <summary>The port as an action, or the number.</summary>
    public string Port(Workload workload, Endpoint endpoint)
    {
        var port = ServicePorts.For(workload, endpoint);
        return CanBeOutside(workload) ? $"include \"{Chart}.{workload.Name}.port.{port.Name}\" $" : $"\"{port.Port}\"";
    }

    /// <summary>As Helm's own charts write keys: <c>HomeAssistant__BaseUrl</c> is homeAssistantBaseUrl, <c>OTEL_SERVICE_NAME</c> otelServiceName.</summary>
    private static string Camel(string name)
    {
        var words = name.Split(['-', '_', '.', ' '], StringSplitOptions.RemoveEmptyEntries);
        var text = new StringBuilder();
        foreach (var word in words)
        {
            var said = word.Any(char.IsLower) ? word : word.ToLowerInvariant();
            text.Append(text.Length == 0 ? WithSmallInitials(said) : char.ToUpperInvariant(said[0]) + said[1..]);
        }
        return text.Length == 0 || char.IsAsciiDigit(text[0]) ? "x" + text : text.ToString();
    }

    /// <summary>URLPath is urlPath: of leading capitals the last begins the next word.</summary>
    private static string WithSmallInitials(string word)
    {
        var capitals = word.TakeWhile(char.IsUpper).Count();
        return word[..Math.Max(1, capitals - 1)].ToLowerInvariant() + word[Math.Max(1, capitals - 1)..];
    }

    private static string Unique(string name, HashSet<string> taken)
    {
        var unique = name;
        for (var number = 2; !taken.Add(unique); number++)
            unique = $"{name}{number}";
        return unique;
    }
}
