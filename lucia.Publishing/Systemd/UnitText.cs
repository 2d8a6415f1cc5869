using System.Text;

namespace Lucia.Publishing.Systemd;

/// <summary>Writes a unit file: sections with settings, in the order in which they are added.</summary>
internal sealed class UnitText
{
    private readonly StringBuilder _text = new();

    public UnitText(DeploymentHost host, string what) =>
        _text.Append($"# {what}\n# Made by lucia-publish for {host.Plan.Name} {host.Plan.Version}; change it by a drop-in (systemctl edit), not here.\n");

    public UnitText Section(string name)
    {
        _text.Append($"\n[{name}]\n");
        return this;
    }

    public UnitText Comment(string text)
    {
        _text.Append($"# {text}\n");
        return this;
    }

    /// <summary>One setting. The value is quoted already.</summary>
    public UnitText Set(string name, string value)
    {
        _text.Append(name).Append('=').Append(value).Append('\n');
        return this;
    }

    public UnitText Set(string name, int value) => Set(name, value.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>A list, when it has entries.</summary>
    public UnitText SetWords(string name, IEnumerable<string> words)
    {
        var value = string.Join(' ', words);
        return value.Length == 0 ? this : Set(name, value);
    }

    /// <summary>A long command, one word a line.</summary>
    public UnitText SetCommand(string name, IEnumerable<string> words) => Set(name, string.Join(" \\\n    ", words));

    /// <summary>A text of one line for <c>Description=</c>, where specifiers expand.</summary>
    public static string OneLine(string text) => text.ReplaceLineEndings(" ").Replace("%", "%%").TrimEnd('\\');

    public override string ToString() => _text.ToString();
}
