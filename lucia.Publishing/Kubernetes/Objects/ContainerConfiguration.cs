using Lucia.Publishing.Expressions;
using Lucia.Publishing.Plan;

namespace Lucia.Publishing.Kubernetes.Objects;

/// <summary>
/// How a container gets its configuration: fixed variables in a ConfigMap, parameters by reference to a key, joined values by <c>$(NAME)</c>,
/// files from a ConfigMap or a Secret. Kubernetes joins text in variables only, so a joined or percent-encoded secret that has to be a file
/// is <em>derived</em>: whoever makes the Secret joins it.
/// </summary>
internal sealed class ContainerConfiguration
{
    private readonly DeploymentPlan _plan;
    private readonly Dictionary<ParameterPart, string> _variables = [];
    private readonly List<ContainerVariable> _references = [];
    private readonly List<ContainerVariable> _joined = [];
    private readonly List<EnvironmentVariable> _fixed = [];
    private readonly List<SecretItem> _items = [];
    private readonly List<ConfigurationFile> _files = [];
    private readonly Dictionary<string, DerivedSecret> _derived = [];

    public ContainerConfiguration(DeploymentPlan plan, Workload workload)
    {
        _plan = plan;
        Workload = workload;
        ReadEnvironment();
        ReadFiles();
    }

    public Workload Workload { get; }

    /// <summary>Variables that depend on nothing a user sets; one ConfigMap.</summary>
    public IReadOnlyList<EnvironmentVariable> Fixed => _fixed;

    /// <summary>The other variables: references first, as what is joined may only refer to what stands before it.</summary>
    public IEnumerable<ContainerVariable> Variables => _references.Concat(_joined);

    /// <summary>The variable that holds a parameter, for <c>$(NAME)</c>.</summary>
    public IReadOnlyDictionary<ParameterPart, string> Names => _variables;

    /// <summary>Secrets the workload reads as files, in its directory for secrets.</summary>
    public IReadOnlyList<SecretItem> SecretFiles => _items;

    /// <summary>Configuration files.</summary>
    public IReadOnlyList<ConfigurationFile> Files => _files;

    /// <summary>Keys of the Secret that are made of others.</summary>
    public IEnumerable<DerivedSecret> Derived => _derived.Values;

    /// <summary>The keys of the Secret that are a parameter as it is.</summary>
    public IEnumerable<PlanParameter> SecretParameters => Variables.Select(static v => v.Parameter).Concat(_items.Select(static i => i.Parameter))
        .OfType<PlanParameter>().Where(static p => p.IsSecret).DistinctBy(static p => p.Name);

    /// <summary>Whether a Secret is needed.</summary>
    public bool NeedsSecret => SecretParameters.Any() || _derived.Count > 0;

    /// <summary>
    /// Whether a Secret may lack the key: the workload then runs as if the secret were not set. A joined value needs every part of it, and what is
    /// generated is what others know it by.
    /// </summary>
    public static bool MayBeMissing(DeploymentPlan plan, PlanParameter secret) =>
        secret is { Required: false, Generate: null } && !Uses(plan).Joined.Contains(secret.Name);

    /// <summary>Every parameter of a plan that the objects use, and those that stand in a joined value (which have to be there, be it empty).</summary>
    public static (IReadOnlyList<PlanParameter> Used, IReadOnlySet<string> Joined) Uses(DeploymentPlan plan)
    {
        var joined = new HashSet<string>();
        var used = new HashSet<string>();
        foreach (var workload in plan.Workloads)
        {
            var environment = workload.Environment.Select(static e => e.Value).ToList();
            var texts = (workload.Entrypoint ?? []).Concat(workload.Args ?? []).Concat(workload.Files.Select(static f => f.Content));
            joined.UnionWith(texts.Concat(environment.Where(static v => v.SoleParameter is null)).SelectMany(static v => v.Parameters).Select(static p => p.Name));
            used.UnionWith(environment.SelectMany(static v => v.Parameters).Select(static p => p.Name));
        }
        used.UnionWith(joined);
        return ([.. plan.Parameters.Where(p => used.Contains(p.Name))], joined);
    }

    private void ReadEnvironment()
    {
        // What stands alone comes first: its variable serves the joined values too.
        foreach (var variable in Workload.Environment.Where(static e => e.Value.SoleParameter is not null))
            AddReference(variable);
        foreach (var variable in Workload.Environment.Where(static e => e.Value.SoleParameter is null))
        {
            if (!variable.Value.Parameters.Any())
            {
                _fixed.Add(variable);
            }
            else if (variable.IsSecret && Workload.SecretFiles is not null)
            {
                var derived = Derive($"{Workload.Name}.{variable.ShellName}", variable.Value);
                _items.Add(new SecretItem(derived.Key, variable.Name, null));
            }
            else
            {
                NameAll(variable.Value);
                _joined.Add(new ContainerVariable(variable.Name, null, null, variable.Value));
            }
        }
        foreach (var text in (Workload.Entrypoint ?? []).Concat(Workload.Args ?? []))
            NameAll(text);
        AddImageDefaults();
    }

    private void AddReference(EnvironmentVariable variable)
    {
        var part = variable.Value.SoleParameter!;
        var parameter = _plan.Parameter(part.Name);
        if (parameter.IsSecret && Workload.SecretFiles is not null)
        {
            _items.Add(new SecretItem(parameter.Key, variable.Name, parameter));
            return;
        }
        _variables.TryAdd(part, variable.Name);
        _references.Add(new ContainerVariable(variable.Name, parameter, null, null));
    }

    private void NameAll(ValueExpression value)
    {
        foreach (var part in value.Parameters.Where(p => !_variables.ContainsKey(p)))
        {
            var parameter = _plan.Parameter(part.Name);
            var taken = Workload.Environment.Select(static e => e.Name).Concat(_references.Select(static r => r.Name)).ToHashSet();
            var name = Naming.Unique($"PARAMETER_{parameter.Variable}{(part.UriEncoded ? "_URI" : "")}", taken, '_');
            _variables.Add(part, name);
            var derived = part.UriEncoded ? Derive($"{parameter.Key}.uri", ValueExpression.Of([part])) : null;
            _references.Add(new ContainerVariable(name, derived is null ? parameter : null, derived, null));
        }
    }

    private void ReadFiles()
    {
        var keys = new HashSet<string>();
        foreach (var file in Workload.Files)
        {
            var key = Naming.Unique(Key(file.Path), keys, '-');
            var derived = file.Content.Parameters.Any() ? Derive($"{Workload.Name}.{key}", file.Content) : null;
            _files.Add(new ConfigurationFile(derived?.Key ?? key, file, derived is not null));
        }
    }

    private DerivedSecret Derive(string key, ValueExpression value)
    {
        if (!_derived.TryGetValue(key, out var derived))
            _derived.Add(key, derived = new DerivedSecret(key, value));
        return derived;
    }

    // initdb wants a folder of its own: a volume's root holds lost+found, and belongs to root.
    private void AddImageDefaults()
    {
        const string Data = "/var/lib/postgresql/data";
        var isPostgres = Workload.Image.Repository.Split('/')[^1] is "postgres" or "pgvector";
        if (isPostgres && Workload.Volumes.Any(static v => v.Target.TrimEnd('/') == Data) && Workload.Environment.All(static e => e.Name != "PGDATA"))
            _fixed.Add(new EnvironmentVariable("PGDATA", "PGDATA", ValueExpression.FromLiteral(Data + "/pgdata")));
    }

    private static string Key(string path) =>
        new([.. path.Trim('/').Select(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '-')]);
}

/// <summary>A variable of a container: a parameter as it is, a derived key of the Secret, or a joined value.</summary>
internal sealed record ContainerVariable(string Name, PlanParameter? Parameter, DerivedSecret? Derived, ValueExpression? Joined);

/// <summary>A key of the Secret as a file in the workload's directory for secrets.</summary>
internal sealed record SecretItem(string Key, string FileName, PlanParameter? Parameter);

/// <summary>A configuration file: a key of a ConfigMap, or of the Secret.</summary>
internal sealed record ConfigurationFile(string Key, PlannedFile File, bool IsSecret);

/// <summary>A key of the Secret that is made of parameters.</summary>
internal sealed record DerivedSecret(string Key, ValueExpression Value);
