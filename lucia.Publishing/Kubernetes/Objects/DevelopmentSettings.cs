using Lucia.Publishing.Plan;

namespace Lucia.Publishing.Kubernetes.Objects;

/// <summary>
/// What the profile says of a workload's environment in development, apart: the settings, which a container reads from the settings' ConfigMap
/// whatever else is said of them, and the rest.
/// </summary>
internal static class DevelopmentSettings
{
    /// <summary>The variables that are settings, each with its value in development.</summary>
    public static IEnumerable<(PlanParameter Parameter, string Value)> Of(DeploymentPlan plan, Workload workload)
    {
        var environment = Environment(workload);
        foreach (var variable in new ContainerConfiguration(plan, workload).Variables)
        {
            if (variable is { Joined: null, Parameter: { IsSecret: false } parameter } && environment.TryGetValue(variable.Name, out var value))
                yield return (parameter, value);
        }
    }

    /// <summary>The variables that are none.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Others(DeploymentPlan plan, Workload workload)
    {
        var settings = new ContainerConfiguration(plan, workload).Variables
            .Where(static v => v is { Joined: null, Parameter.IsSecret: false }).Select(static v => v.Name).ToHashSet();
        return [.. Environment(workload).Where(e => !settings.Contains(e.Key))];
    }

    private static IReadOnlyDictionary<string, string> Environment(Workload workload) =>
        workload.Development?.Environment ?? new Dictionary<string, string>();
}
