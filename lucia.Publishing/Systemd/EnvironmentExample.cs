using System.Text;
using Lucia.Publishing.Plan;
using Lucia.Publishing.Text;

namespace Lucia.Publishing.Systemd;

/// <summary>The commented environment file: every setting with its meaning, what it may be and what counts without it. It holds no secret.</summary>
internal static class EnvironmentExample
{
    public static string Render(DeploymentHost host)
    {
        var text = new StringBuilder();
        text.Append($"""
            # Settings of {host.Plan.Name}. install.sh copies this file to {host.EnvironmentFile} (0600) once and never changes it again.
            # A line that begins with # counts as not set. After a change: systemctl restart {host.Target}
            # Secrets are not here: each is a file in {host.Configuration}/credentials/ (./install.sh set NAME).

            """.ReplaceLineEndings("\n"));
        Addresses(host, text);
        foreach (var section in host.Settings.GroupBy(static p => p.Section ?? "Settings"))
        {
            Heading(text, section.Key);
            foreach (var setting in section)
                Setting(text, host.Variable(setting.Name), setting);
        }
        Replaceable(host, text);
        return text.ToString();
    }

    private static void Addresses(DeploymentHost host, StringBuilder text)
    {
        var named = host.Plan.Workloads.SelectMany(static w => w.Ports.Select(e => (Workload: w, Endpoint: e)))
            .Where(static x => x.Endpoint.BindVariable is not null || x.Endpoint.PortVariable is not null).ToList();
        if (named.Count == 0)
            return;
        Heading(text, "Addresses");
        var seen = new HashSet<string>();
        foreach (var (workload, endpoint) in named)
        {
            if (endpoint.BindVariable is { } bind && seen.Add(bind))
            {
                var meaning = $"The address {host.Unit(workload)} listens at: 127.0.0.1 for this machine alone, 0.0.0.0 for the whole network.";
                Setting(text, bind, meaning, "127.0.0.1");
            }
            if (endpoint.PortVariable is { } port && seen.Add(port))
                Setting(text, port, $"The port {host.Unit(workload)} listens at.", DeploymentHost.Number(endpoint.HostPort));
        }
    }

    /// <summary>Addresses that an own server in place of the bundle's changes.</summary>
    private static void Replaceable(DeploymentHost host, StringBuilder text)
    {
        foreach (var server in host.Services.Where(DeploymentHost.IsReplaceable))
        {
            var addresses = host.AddressesOf(server).ToList();
            if (addresses.Count == 0)
                continue;
            Heading(text, $"With install.sh --external-{server.Name}");
            foreach (var (variable, value) in addresses)
                Setting(text, variable, $"Where your own {server.Name} answers, in place of {host.Service(server)}.", value);
        }
    }

    private static void Heading(StringBuilder text, string heading) =>
        text.Append($"\n# ---- {heading} {new string('-', Math.Max(3, 90 - heading.Length))}\n");

    private static void Setting(StringBuilder text, string variable, PlanParameter setting)
    {
        text.Append('\n');
        Comment(text, setting.Description ?? $"The parameter {setting.Name}.");
        if (setting.Allowed.Count > 0)
            Comment(text, $"Allowed: {string.Join(", ", setting.Allowed)}");
        if (setting.Example is { } example)
            Comment(text, $"Example: {example}");
        if (setting.Required && setting.Default is null)
        {
            Comment(text, "Required.");
            text.Append($"{variable}=\n");
            return;
        }
        if (setting.Default is { } value)
            Comment(text, $"Default: {value}");
        text.Append($"#{variable}={SystemdText.EnvironmentFileValue(setting.Default ?? "")}\n");
    }

    private static void Setting(StringBuilder text, string variable, string description, string value)
    {
        text.Append('\n');
        Comment(text, description);
        Comment(text, $"Default: {value}");
        text.Append($"#{variable}={SystemdText.EnvironmentFileValue(value)}\n");
    }

    private static void Comment(StringBuilder text, string comment)
    {
        foreach (var line in comment.ReplaceLineEndings("\n").Split('\n'))
            text.Append($"# {line}".TrimEnd()).Append('\n');
    }
}
