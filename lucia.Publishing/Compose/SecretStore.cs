using Lucia.Publishing.Expressions;
using Lucia.Publishing.Plan;

namespace Lucia.Publishing.Compose;

/// <summary>
/// Decides where each value lies. A secret that only files carry is one file in <c>secrets/</c>; one that some environment needs is in
/// <c>.env</c>. Files that hold more than one secret as it is, are composed by the set-up script.
/// </summary>
internal sealed class SecretStore
{
    private readonly HashSet<string> _inEnvironment;
    private readonly HashSet<string> _keys;
    private readonly List<ComposedFile> _composed = [];
    private readonly Dictionary<string, List<MountedSecret>> _mounted = [];

    public SecretStore(DeploymentPlan plan)
    {
        _inEnvironment = [.. plan.Workloads.SelectMany(InEnvironment).SelectMany(static v => v.Parameters).Select(static p => p.Name)];
        _keys = [.. plan.Parameters.Select(static p => p.Key)];
        foreach (var workload in plan.Workloads)
            _mounted.Add(workload.ResourceName, [.. Mount(plan, workload)]);
        Files = [.. plan.Secrets.Where(IsFile)];
        var encoded = plan.Workloads.SelectMany(InEnvironment).SelectMany(static v => v.Parameters).Where(static p => p.UriEncoded).Select(static p => p.Name).ToHashSet();
        Encoded = [.. plan.Parameters.Where(p => encoded.Contains(p.Name))];
    }

    /// <summary>The parameters that some environment needs percent-encoded.</summary>
    public IReadOnlyList<PlanParameter> Encoded { get; }

    /// <summary>The secrets that are one file each.</summary>
    public IReadOnlyList<PlanParameter> Files { get; }

    /// <summary>The files that the set-up script puts together.</summary>
    public IReadOnlyList<ComposedFile> Composed => _composed;

    /// <summary>Every file in <c>secrets/</c> that some workload reads.</summary>
    public IEnumerable<string> MountedKeys => _mounted.Values.SelectMany(static m => m).Select(static m => m.Key).Distinct().Order(StringComparer.Ordinal);

    /// <summary>Whether a parameter is a file of its own; else it is in <c>.env</c>.</summary>
    public bool IsFile(PlanParameter parameter) => parameter.IsSecret && !_inEnvironment.Contains(parameter.Name);

    /// <summary>The secret files a workload reads.</summary>
    public IReadOnlyList<MountedSecret> Of(Workload workload) => _mounted[workload.ResourceName];

    /// <summary>Whether a variable comes as a file, not in the environment.</summary>
    public static bool ComesAsFile(Workload workload, EnvironmentVariable variable) => workload.SecretFiles is not null && variable.IsSecret;

    /// <summary>Whether a file's text is known already; otherwise the set-up script writes it.</summary>
    public static bool IsKnown(PlannedFile file) => !file.Content.Parameters.Any();

    private static IEnumerable<ValueExpression> InEnvironment(Workload workload) => workload.Environment
        .Where(v => !ComesAsFile(workload, v)).Select(static v => v.Value)
        .Concat(workload.Args ?? [])
        .Concat(workload.Entrypoint ?? []);

    private IEnumerable<MountedSecret> Mount(DeploymentPlan plan, Workload workload)
    {
        foreach (var variable in workload.Environment.Where(v => ComesAsFile(workload, v)))
            yield return new MountedSecret(Key(plan, workload, variable.Name, variable.Value), $"{workload.SecretFiles!.Directory.TrimEnd('/')}/{variable.Name}");
        foreach (var file in workload.Files.Where(static f => !IsKnown(f)))
            yield return new MountedSecret(Key(plan, workload, file.Path, file.Content), file.Path);
    }

    private string Key(DeploymentPlan plan, Workload workload, string name, ValueExpression value)
    {
        if (value.SoleParameter is { } sole && IsFile(plan.Parameter(sole.Name)))
            return plan.Parameter(sole.Name).Key;
        if (_composed.Find(c => c.Content.Equals(value)) is { } same)
            return same.Key;
        var key = Naming.Unique(Naming.Label($"{workload.Name}-{name}"), _keys, '-');
        _composed.Add(new ComposedFile(key, value));
        return key;
    }
}

/// <summary>A file in <c>secrets/</c> made of several values.</summary>
internal sealed record ComposedFile(string Key, ValueExpression Content);

/// <summary>A file in <c>secrets/</c> as a workload sees it.</summary>
/// <param name="Key">Its name in <c>secrets/</c> and in the compose file.</param>
/// <param name="Target">Absolute path in the container.</param>
internal sealed record MountedSecret(string Key, string Target);
