using System.Text;
using Lucia.Publishing.Plan;
using Lucia.Publishing.Text;

namespace Lucia.Publishing.Systemd;

/// <summary>The installer: what this application consists of, then <c>install.sh</c>, which is the same for every one.</summary>
internal sealed class InstallScript(DeploymentHost host, SystemdBundle bundle)
{
    private readonly StringBuilder _text = new();

    public string Render()
    {
        var plan = host.Plan;
        _text.Append("#!/bin/sh\n")
            .Append($"# Installs {plan.Name} on a host with systemd 249 or newer. Made by lucia-publish; see README.md or ./install.sh --help.\n")
            .Append("set -eu\n\n");
        Variable("app", plan.Name);
        Variable("version", plan.Version);
        Variable("opt", host.Program);
        Variable("etc", host.Configuration);
        Variable("units", string.Join(' ', bundle.Units));
        Variable("quadlets", string.Join(' ', bundle.Quadlets));
        Variable("services", string.Join(' ', plan.Workloads.Select(host.Unit)));
        Variable("optional", string.Join(' ', plan.Workloads.Where(static w => w.Optional).Select(host.Unit)));
        Variable("images", string.Join(' ', host.Containers.Where(static w => w.Image.IsBuilt).Select(host.Image)));
        Variable("bundle_files", string.Join(' ', bundle.Files));
        Variable("applications", string.Join(' ', host.Services.Select(w => new HostCommand(host, w).Application).OfType<string>().Distinct()));
        Variable("external_usage", string.Concat(Replaceable.Select(
            w => $"  {"--external-" + w.Name,-19} use your own {w.Name}, and do not run {host.Service(w)} (--own-{w.Name} goes back)\n")));
        _text.Append('\n');

        Function("each_credential", "Calls $1 with each secret: NAME, whether it is required, and the command that generates it.",
            host.Secrets.Select(Credential));
        Function("each_required_setting", "Calls $1 with each setting that has no default.",
            host.Settings.Where(static p => p is { Required: true, Default: null }).Select(p => $"\"$1\" {host.Variable(p.Name)}"));
        Function("each_external_setting", "Calls $1 with each setting that an own server in place of the bundle's needs: SERVICE and NAME.",
            Replaceable.SelectMany(w => host.AddressesOf(w).Select(a => $"\"$1\" {host.Unit(w)} {a.Name}")));
        Function("each_program", "Calls $1 with each server of the host's packages: SERVICE, NAME, names it may have, packages.",
            host.Services.Select(Program));
        Function("each_port", "Calls $1 with each port of the host: SERVICE, PORT and the variable that changes it.", Ports());
        Function("each_check", "Calls $1 with each health check: SERVICE, ADDRESS, PORT, its variable and PATH.",
            host.Services.Select(Check));
        Function("each_doctor", "Calls $1 with each program that can examine itself: SERVICE and the arguments that make it.",
            host.Services.Select(Doctor));
        Function("waits_for", "Writes the services that the service $1 uses.", Cases(plan.Workloads.Select(w => (host.Unit(w), Used(w)))));
        Function("stands_in_for", "Writes the distribution's own units of the service $1.",
            Cases(Replaceable.Select(w => (host.Unit(w), string.Join(' ', w.Systemd!.Profile.After)))));
        Function("replaceable", "Writes the service that an own $1 takes the place of.", Cases(Replaceable.Select(w => (w.Name, host.Unit(w))), orFail: true));
        Function("compose_all", "Makes the files that join secrets with other text.", bundle.Composed.Select(
            static c => $"{{\n{c.Commands}\n}} | composed {c.Name}"));
        Function("podman_secrets", "Hands the containers' secrets to Podman.",
            bundle.PodmanSecrets.Select(static s => $"podman_secret {s.Name} {s.File}"));

        return _text.Append(ShellFunctions.Used(ShellFunctions.GenerateSecret + ShellFunctions.UriEncode, _text.ToString())).Append(SystemdBundle.Resource("install.sh")).ToString();
    }

    private IEnumerable<Workload> Replaceable => host.Services.Where(DeploymentHost.IsReplaceable);

    private string Used(Workload workload) =>
        string.Join(' ', host.Plan.References.Where(r => r.From == workload.ResourceName).Select(r => host.Unit(host.Plan.Workload(r.To))));

    private void Variable(string name, string value) => _text.Append($"{name}='{value.Replace("'", "'\\''")}'\n");

    private void Function(string name, string comment, IEnumerable<string?> commands)
    {
        // Text of several lines stands in quotes, so it must not be indented.
        var body = string.Join('\n', commands.OfType<string>().Select(static c => "  " + c));
        _text.Append($"# {comment}\n{name}() {{\n{(body.Length == 0 ? "  :" : body)}\n}}\n\n");
    }

    private static string Credential(PlanParameter secret) =>
        $"\"$1\" {secret.Key} {(secret.Required ? "required" : "optional")}{(secret.Generate is { } recipe ? " " + ShellFunctions.Generate(recipe) : "")}";

    private string? Program(Workload workload)
    {
        if (new HostCommand(host, workload).Program is not { } program)
            return null;
        var candidates = ShellText.Quote(string.Join(' ', HostCommand.Candidates(program)));
        var packages = ShellText.Quote(string.Join(' ', HostCommand.Packages(workload, program)));
        return $"\"$1\" {host.Unit(workload)} {program} {candidates} {packages}";
    }

    private IEnumerable<string> Ports() =>
        from workload in host.Plan.Workloads
        from endpoint in workload.Ports
        where endpoint.Protocol == "tcp" && (DeploymentHost.RunsOnHost(workload) || bundle.Publishes(workload, endpoint))
        select $"\"$1\" {host.Unit(workload)} {DeploymentHost.Number(endpoint.HostPort)}{(endpoint.PortVariable is { } variable ? " " + variable : "")}";

    private string? Doctor(Workload workload) =>
        workload.Systemd?.Profile.Doctor is { Count: > 0 } arguments ? $"\"$1\" {host.Unit(workload)} {string.Join(' ', arguments.Select(ShellText.Quote))}" : null;

    private string? Check(Workload workload)
    {
        if (workload.Health.Readiness is not { Kind: ProbeKind.Http } probe
            || workload.Endpoints.FirstOrDefault(e => e.Name == probe.Endpoint) is not { } endpoint)
            return null;
        var port = DeploymentHost.Number(endpoint.HostPort);
        return $"\"$1\" {host.Unit(workload)} 127.0.0.1 {port} '{endpoint.PortVariable}' {ShellText.Quote(probe.Path!)}";
    }

    private static IEnumerable<string> Cases(IEnumerable<(string Case, string Text)> cases, bool orFail = false)
    {
        var lines = cases.Where(static c => c.Text.Length > 0).Select(static c => $"    {c.Case}) echo '{c.Text}' ;;").ToList();
        if (lines.Count == 0 && !orFail)
            return [];
        return [$"case $1 in\n{string.Join('\n', lines.Append(orFail ? "    *) return 1 ;;" : "    *) ;;"))}\n  esac"];
    }
}
