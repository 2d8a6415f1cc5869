using Lucia.Publishing.Plan;
using Lucia.Publishing.Text;

namespace Lucia.Publishing.Systemd;

/// <summary>What a service executes on the host, and from where.</summary>
internal sealed class HostCommand
{
    private const string Bundle = "{bundle}";

    // A server goes by other names where its fork is packaged.
    private static readonly Dictionary<string, string[]> Names = new()
    {
        ["redis-server"] = ["redis-server", "valkey-server", "redis6-server"],
        ["valkey-server"] = ["valkey-server", "redis-server", "redis6-server"],
    };

    private static readonly Dictionary<string, string[]> KnownPackages = new()
    {
        ["redis-server"] = ["redis-server", "redis", "valkey", "valkey-server", "redis6"],
        ["valkey-server"] = ["valkey-server", "valkey", "redis-server", "redis", "redis6"],
    };

    public HostCommand(DeploymentHost host, Workload workload)
    {
        if (workload.Systemd?.Profile.Command is { Count: > 0 } command)
        {
            if (command[0].StartsWith(Bundle + "/", StringComparison.Ordinal))
                Application = command[0][(Bundle.Length + 1)..];
            else if (!command[0].Contains('/'))
                Program = command[0];
            // The profile's author writes systemd's own language: specifiers and ${…} are kept, quotes are not.
            var words = command.Select(word => Kept(word.Replace(Bundle, host.Current))).ToList();
            if (Program is not null)
                words[0] = $"{host.Program}/bin/{Program}";
            Words = words;
        }
        else if (workload.Kind == WorkloadKind.Project)
        {
            var project = host.Plan.Builds.First(b => b.ResourceName == workload.ResourceName).Project ?? workload.Name;
            Application = $"app/{workload.Name}/{FileName(project)}";
            Words = [$"{host.Current}/{Application}", .. Arguments(host, workload)];
        }
        else
        {
            var program = workload.Executable!.Command;
            if (!program.Contains('/') && !program.Contains('\\'))
                Program = program;
            else if (!program.StartsWith('/'))
                Application = $"app/{workload.Name}/{program.Replace('\\', '/').TrimStart('.', '/')}";
            var path = Program is not null ? $"{host.Program}/bin/{Program}" : Application is not null ? $"{host.Current}/{Application}" : program;
            Words = [SystemdText.Argument(path), .. Arguments(host, workload)];
        }
        if (Application is null && workload.Kind == WorkloadKind.Executable && workload.Systemd?.Profile.Command is null)
            Folder = $"app/{workload.Name}";
        else if (Application is not null)
            Folder = Application.Contains('/') ? Application[..Application.LastIndexOf('/')] : "";
        WorkingDirectory = Folder is null ? $"/var/lib/{host.Unit(workload)}" : $"{host.Current}/{Folder}".TrimEnd('/');
    }

    /// <summary>Words of <c>ExecStart=</c>, quoted.</summary>
    public IReadOnlyList<string> Words { get; }

    public string WorkingDirectory { get; }

    /// <summary>The program in the bundle, relative to it.</summary>
    public string? Application { get; }

    /// <summary>The application's folder in the bundle, relative to it.</summary>
    public string? Folder { get; }

    /// <summary>The program of the host's packages; the installer finds it and makes a link, as its name and folder differ by distribution.</summary>
    public string? Program { get; }

    /// <summary>Names the program may have.</summary>
    public static IReadOnlyList<string> Candidates(string program) => Names.GetValueOrDefault(program) ?? [program];

    /// <summary>Packages that bring the program.</summary>
    public static IReadOnlyList<string> Packages(Workload workload, string program) =>
        workload.Systemd?.Profile.Packages is { Count: > 0 } told ? told : KnownPackages.GetValueOrDefault(program) ?? [program];

    /// <summary>The name the SDK gives to a project's program.</summary>
    private static string FileName(string project)
    {
        var name = project.Replace('\\', '/').Split('/')[^1];
        var dot = name.LastIndexOf('.');
        return dot > 0 && name.EndsWith("proj", StringComparison.Ordinal) ? name[..dot] : name;
    }

    private static IEnumerable<string> Arguments(DeploymentHost host, Workload workload) =>
        (workload.Args ?? []).Select(a => HostValues.Of(host, workload, a).CommandWord());

    private static string Kept(string word) => SystemdText.Word(word).Replace("%%", "%");
}
