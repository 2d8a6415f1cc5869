using System.Text;
using Lucia.Settings;

namespace Lucia.AppHost;

/// <summary>The settings reference, generated from the catalogue: a setting that is documented exists, and one that exists is documented.</summary>
internal static class SettingsReference
{
    /// <summary>The page, in Markdown.</summary>
    public static string Write()
    {
        var settings = SettingsCatalogue.All.Where(setting => setting.Scope != SettingScope.DevelopmentRun).ToList();
        var page = new StringBuilder("""
            # Settings

            <!-- Generated from SettingsCatalogue.cs; do not edit. -->

            | target | plain settings | secrets |
            | --- | --- | --- |
            | `./lucia run` | environment, or user secrets with `:` for `__`: `dotnet user-secrets --project lucia.AppHost set HomeAssistant:BaseUrl http://192.168.1.20:8123` | the same |
            | [compose](docker.md#configure) | `.env` | one file each in `secrets/` |
            | [kustomize](kubernetes.md#kustomize) | `base/.env` | one file each in `base/secrets/` |
            | [Helm](../helm/lucia/README.md#values) | `settings` | `secrets`, or a Secret of your own |
            | [systemd](systemd.md#configure) | `/etc/lucia/lucia.env` | `./install.sh set NAME` |

            The service itself reads a setting from the environment or, secrets above all, from a file of its name in `/run/secrets`, in systemd's credentials
            directory or where `Lucia__SecretsDirectory` says. An empty value is no value. A setting that is given two different values stops the start, and so
            does a wrong one; all problems are listed at once. Where shells and systemd read names, write `_` for `-`: `ConnectionStrings__chat_model`.

            | setting | default | needed | secret |
            | --- | --- | --- | --- |

            """);
        foreach (var setting in settings)
        {
            page.Append("| [`").Append(setting.ShellName).Append("`](#").Append(setting.ShellName.ToLowerInvariant()).Append(") | ")
                .Append(setting.Default is { } value ? Code(value) : "").Append(" | ").Append(Needed(setting)).Append(" | ").Append(setting.Secret ? "yes" : "").Append(" |\n");
        }

        page.Append('\n');
        foreach (var group in settings.GroupBy(setting => setting.Group))
        {
            page.Append("## ").Append(HouseDeployment.Heading(group.Key)).Append("\n\n");
            foreach (var setting in group)
                Append(page, setting);
        }

        return page.ToString().TrimEnd('\n') + "\n";
    }

    private static void Append(StringBuilder page, Setting setting)
    {
        page.Append("### `").Append(setting.ShellName).Append("`\n\n").Append(setting.Description).Append("\n\n");
        page.Append("| | |\n| --- | --- |\n");
        Row("Value", setting.AllowedValues.Count > 0 ? string.Join(", ", setting.AllowedValues.Select(Code)) : setting.Kind.Contains('<', StringComparison.Ordinal) ? Code(setting.Kind) : setting.Kind);
        Row("Default", setting.Default is { } value ? Code(value) : null);
        Row("Needed", Needed(setting));
        Row("Secret", setting.Secret ? "yes" : null);
        Row("Read by", setting.Scope == SettingScope.Deployment ? "compose and systemd" : null);
        Row("Also read as", setting.Key == setting.ShellName ? null : Code(setting.Key));
        Row("Deprecated names", setting.Aliases.Count > 0 ? string.Join(", ", setting.Aliases.Select(Code)) : null);
        page.Append('\n');
        if (setting.Examples.Count == 0)
            return;
        page.Append("| Example | |\n| --- | --- |\n");
        foreach (var example in setting.Examples)
            page.Append("| ").Append(example.Name).Append(" | ").Append(Code(example.Value)).Append(example.Note is { } note ? " " + note : "").Append(" |\n");
        page.Append('\n');

        void Row(string name, string? text)
        {
            if (text is not null)
                page.Append("| ").Append(name).Append(" | ").Append(text).Append(" |\n");
        }
    }

    private static string Needed(Setting setting) => setting.Requirement switch
    {
        Requirement.Required => "always",
        Requirement.WithAnother => "with " + Code(setting.NeededWith!),
        Requirement.BeyondLoopback => "wherever others than this machine can reach the service",
        _ => "no",
    };

    private static string Code(string text) => $"`{text}`";
}
