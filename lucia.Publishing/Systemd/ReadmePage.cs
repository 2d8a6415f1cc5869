using System.Text;

namespace Lucia.Publishing.Systemd;

/// <summary>The page beside the units: what is here, and the commands one needs.</summary>
internal static class ReadmePage
{
    public static string Render(DeploymentHost host)
    {
        var name = host.Plan.Name;
        var page = new StringBuilder();
        page.Append($"""
            # {name} on systemd

            {(host.Plan.Description is { } description ? description + "\n\n" : "")}Units for systemd 249 or newer (Ubuntu 22.04, Debian 12, RHEL 9), and their installer. Made by lucia-publish; do not edit.

            | service | what it is | port |
            | --- | --- | --- |

            """.ReplaceLineEndings("\n"));
        foreach (var workload in host.Plan.Workloads)
        {
            var what = workload.Description ?? (DeploymentHost.RunsOnHost(workload) ? "a service of the host" : $"the container `{host.Image(workload)}`");
            var ports = string.Join(", ", workload.Ports.Where(e => DeploymentHost.RunsOnHost(workload) || e.External)
                .Select(static e => DeploymentHost.Number(e.HostPort) + (e.PortVariable is { } variable ? $" (`{variable}`)" : "")));
            page.Append($"| `{host.Service(workload)}` | {what.Replace("|", "\\|").ReplaceLineEndings(" ")}{(workload.Optional ? " Off; `systemctl enable --now` turns it on." : "")} | {ports} |\n");
        }
        page.Append($"""

            ## Install

            ```console
            $ sudo ./install.sh --dry-run
            $ sudo ./install.sh
            {Secrets(host)}$ sudo ./install.sh doctor
            ```

            This is done in a bundle, which holds the programs too: a release's, or what `./build-bundle.sh --sources DIR` makes of the sources.
            Every check comes before the first change. What can be generated is generated; a second run changes nothing.

            | command | what it does |
            | --- | --- |
            | `./install.sh upgrade` | from a newer bundle; goes back by itself when the new version does not start |
            | `./install.sh rollback` | goes back to the release before |
            | `./install.sh uninstall` | removes services and program; `--purge` removes settings, credentials and data too |
            | `./install.sh set NAME` | reads a secret from standard input |
            | `./install.sh status`, `doctor` | how it is; what is wrong and how to mend it |
            {External(host)}
            | where | what |
            | --- | --- |
            | `{host.EnvironmentFile}` | settings, 0600; each is explained in `{name}.env.example` |
            | `{host.Configuration}/credentials/` | one file a secret, 0600; empty means not set |
            | `{host.Program}/releases/`, `{host.Current}` | releases, and the one in use |
            | `/var/lib/SERVICE` | data |

            Services listen at 127.0.0.1 unless a setting says otherwise; put a reverse proxy with TLS in front for more. Logs: `journalctl -u '{name}*'`.
            Own changes belong into a drop-in (`systemctl edit {name}…`), which upgrades keep.

            """.ReplaceLineEndings("\n"));
        return page.ToString();
    }

    // What is installed without them is not started yet.
    private static string Secrets(DeploymentHost host) => host.Secrets.Where(static p => p is { Required: true, Generate: null }).ToList() is { Count: > 0 } asked
        ? $"{string.Concat(asked.Select(static p => $"$ sudo ./install.sh set {p.Key}\n"))}$ sudo ./install.sh\n"
        : "";

    private static string External(DeploymentHost host) => string.Concat(host.Services.Where(DeploymentHost.IsReplaceable)
        .Select(w => $"| `./install.sh --external-{w.Name}` | uses your own {w.Name} in place of `{host.Service(w)}`; name its address in `{host.EnvironmentFile}`, and set its password if it has one |\n"));
}
