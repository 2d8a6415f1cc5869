using System.Text;
using Lucia.Publishing.Kubernetes.Objects;
using Lucia.Publishing.Plan;

namespace Lucia.Publishing.Kubernetes;

/// <summary><c>.env.example</c>: every plain setting, commented. kustomize reads values as they are, without quotes or escapes.</summary>
internal static class SettingsFile
{
    public static string Write(DeploymentPlan plan)
    {
        var joined = ContainerConfiguration.Uses(plan).Joined;
        var text = new StringBuilder($"""
            # Settings of {plan.Name}. setup.sh copies this file to .env, which is yours: publishing again leaves it alone.
            # A value is taken as it is, up to the end of its line: no quotes, no escapes.

            """);
        var section = "";
        foreach (var setting in KubernetesTarget.Settings(plan).OrderBy(static s => s.Section is null ? 1 : 0))
        {
            if (setting.Section is { } heading && heading != section)
                text.Append($"\n# --- {section = heading} ---\n");
            text.Append('\n');
            Comment(text, setting.Description ?? $"The parameter '{setting.Name}'.");
            if (setting.Allowed.Count > 0)
                Comment(text, $"Allowed: {string.Join(", ", setting.Allowed)}.");
            if (setting.Example is not null)
                Comment(text, $"Example: {setting.Example}");
            Comment(text, setting.Required ? "Required." : setting.Default is { Length: > 0 } ? $"Default: {setting.Default}" : "Optional.");
            var counts = setting.Required || setting.Default is not null || joined.Contains(setting.Name);
            text.Append(counts ? "" : "# ").Append(setting.Variable).Append('=').Append(setting.Default).Append('\n');
        }
        return text.ToString();
    }

    private static void Comment(StringBuilder text, string comment)
    {
        foreach (var line in comment.Split('\n'))
            text.Append("# ").Append(line.Trim()).Append('\n');
    }
}
