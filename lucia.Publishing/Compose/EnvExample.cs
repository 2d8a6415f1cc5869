using System.Text;
using Lucia.Publishing.Plan;
using Lucia.Publishing.Text;

namespace Lucia.Publishing.Compose;

/// <summary>Writes <c>.env.example</c>: every setting with its meaning, what it allows and its default.</summary>
internal sealed class EnvExample(DeploymentPlan plan, ComposeNames names, SecretStore secrets)
{
    private const int Width = 110;

    private readonly StringBuilder _text = new();

    public string Write()
    {
        Comment($"Settings of {plan.Name}. ./setup.sh copies this file to .env and fills in what it can; to do it by hand, copy it yourself.");
        Comment("Lines that begin with # show the default. A value with spaces, # or $ stands in 'single quotes'. Empty means not set.");
        foreach (var section in plan.Parameters.Where(p => !secrets.IsFile(p)).GroupBy(static p => p.Section ?? (p.IsSecret ? "Secrets" : "Settings")))
        {
            Section(section.Key);
            foreach (var parameter in section)
                Parameter(parameter);
        }
        SecretFiles();
        Network();
        Images();
        Limits();
        Profiles();
        Folders();
        return _text.ToString();
    }

    private void Parameter(PlanParameter parameter)
    {
        Gap();
        Comment(parameter.Description ?? $"The parameter '{parameter.Name}'.");
        Comment(Need(parameter));
        if (parameter.Allowed.Count > 0)
            Comment($"Allowed: {string.Join(", ", parameter.Allowed)}");
        if (parameter.Example is { } example)
            Comment($"Example: {example}");
        if (ComposeValues.MustBeSet(parameter) || parameter.IsSecret)
        {
            _text.Append(parameter.Variable).Append("=\n");
            if (secrets.Encoded.Contains(parameter))
            {
                Gap();
                Comment($"{parameter.Variable} percent-encoded; ./setup.sh keeps it up to date.");
                _text.Append(names.Encoded(parameter.Name)).Append("=\n");
            }
            return;
        }
        if (parameter.Default is { Length: > 0 } value)
        {
            var inline = ComposeValues.IsInlineDefault(value);
            Comment($"Default: {value}");
            _text.Append(inline ? "# " : "").Append(EnvFileText.Line(parameter.Variable, value)).Append('\n');
        }
        else
        {
            _text.Append("# ").Append(parameter.Variable).Append("=\n");
        }
    }

    private static string Need(PlanParameter parameter) => (parameter.IsSecret ? "Secret. " : "") + parameter switch
    {
        { Generate: not null } => "./setup.sh generates it.",
        { Required: true } => "Required.",
        _ => "Optional.",
    };

    private void SecretFiles()
    {
        if (secrets.Files.Count == 0)
            return;
        Section("Secrets in files");
        Comment("They are not set here: each is the content of a file in secrets/, which ./setup.sh makes.");
        foreach (var parameter in secrets.Files)
        {
            Gap();
            Comment($"secrets/{parameter.Key}");
            Comment("  " + (parameter.Description ?? $"The parameter '{parameter.Name}'."));
            Comment("  " + Need(parameter));
            if (parameter.Allowed.Count > 0)
                Comment($"  Allowed: {string.Join(", ", parameter.Allowed)}");
            if (parameter.Example is { } example)
                Comment($"  Example: {example}");
        }
    }

    private void Network()
    {
        var published = plan.Workloads.SelectMany(w => ComposeNames.Published(w).Select(e => (Workload: w, Endpoint: e))).ToList();
        if (published.Count == 0)
            return;
        Section("Network");
        foreach (var bind in published.Select(static p => p.Endpoint.BindVariable!).Distinct())
            Optional(bind, "127.0.0.1", "The address the ports are bound to: 127.0.0.1 for this machine alone, 0.0.0.0 for the whole network. IPv6 stands in brackets: [::1].");
        foreach (var (workload, endpoint) in published.DistinctBy(p => p.Endpoint.PortVariable))
            Optional(endpoint.PortVariable!, $"{endpoint.HostPort}", $"The port of this machine that {workload.Name} ({endpoint.Name}) is reached at.");
    }

    private void Images()
    {
        var built = plan.Workloads.Where(static w => w.Image.IsBuilt).ToList();
        if (built.Count == 0)
            return;
        Section("Images");
        foreach (var workload in built)
            Optional(workload.Image.Variable!, workload.Image.Reference, $"The image of {workload.Name}; ./build-images.sh builds it.");
    }

    private void Limits()
    {
        Section("Limits");
        foreach (var workload in plan.Workloads)
        {
            var (cpus, memory) = names.Limits(workload);
            if (workload.Limits.Cpu is { } cpu)
                Optional(cpus, ComposeAmount.Cpu(cpu), $"The most cores {workload.Name} may use; no more than this machine has.");
            if (workload.Limits.Memory is { } amount)
                Optional(memory, ComposeAmount.Memory(amount), $"The most memory {workload.Name} may use.");
        }
    }

    private void Profiles()
    {
        var optional = plan.Workloads.Where(static w => w.Optional).ToList();
        if (optional.Count == 0)
            return;
        Section("Optional services");
        Gap();
        Comment("The names of those that run, by commas.");
        foreach (var workload in optional)
            Comment($"{workload.Name}: {workload.Description ?? "off unless named here."}");
        _text.Append("# COMPOSE_PROFILES=\n");
    }

    private void Folders()
    {
        var development = plan.Workloads.Any(static w => w.Development is not null);
        if (!development && !plan.Workloads.Any(static w => w.BindMounts.Any(static m => !m.IsAbsolute)))
            return;
        Section("Folders");
        Optional(names.Sources, "..", "The folder of the Aspire manifest, which the paths of mounted files begin at. Absolute, or relative to this one.");
        if (development)
            Optional(names.DevelopmentUser, "1000:1000", "Owner (uid:gid) of the mounted sources in development: see `id`; 0:0 with rootless Docker.");
    }

    private void Optional(string variable, string value, string about)
    {
        Gap();
        Comment(about);
        _text.Append("# ").Append(EnvFileText.Line(variable, value)).Append('\n');
    }

    private void Section(string title) => _text.Append("\n\n# --- ").Append(title).Append(" ---\n");

    private void Gap() => _text.Append('\n');

    private void Comment(string text)
    {
        foreach (var paragraph in text.Split('\n'))
        {
            var indent = paragraph[..^paragraph.TrimStart().Length];
            var line = new StringBuilder("#");
            foreach (var word in paragraph.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                if (line.Length > 1 + indent.Length && line.Length + word.Length >= Width)
                {
                    _text.Append(line).Append('\n');
                    line.Clear().Append('#');
                }
                line.Append(' ').Append(line.Length == 1 ? indent : "").Append(word);
            }
            _text.Append(line).Append('\n');
        }
    }
}
