using System.Globalization;
using System.Text;

namespace Lucia.Publishing.Text;

/// <summary>A part of a YAML document. Texts, numbers and truth values convert by themselves.</summary>
public abstract class YamlNode
{
    public static implicit operator YamlNode(string text) => new YamlScalar(text);

    public static implicit operator YamlNode(int number) => YamlScalar.Raw(number.ToString(CultureInfo.InvariantCulture));

    public static implicit operator YamlNode(bool flag) => YamlScalar.Raw(flag ? "true" : "false");

    internal abstract bool IsEmpty { get; }

    /// <param name="text">Where to.</param>
    /// <param name="indent">Columns of the node's own lines.</param>
    /// <param name="inline">The first line follows <c>- </c> and is not indented.</param>
    internal abstract void AppendTo(StringBuilder text, int indent, bool inline);
}

/// <summary>A single value.</summary>
public sealed class YamlScalar : YamlNode
{
    private readonly string _text;
    private readonly bool _raw;
    private readonly bool _quoted;

    /// <summary>A text, quoted where need be.</summary>
    public YamlScalar(string text) : this(text, raw: false, quoted: false)
    {
    }

    private YamlScalar(string text, bool raw, bool quoted) => (_text, _raw, _quoted) = (text, raw, quoted);

    internal override bool IsEmpty => false;

    /// <summary>Written as it is: a number, or a template's <c>{{ … }}</c>.</summary>
    public static YamlScalar Raw(string text) => new(text, raw: true, quoted: false);

    /// <summary>A text in double quotes even where it could stand plain.</summary>
    public static YamlScalar Quoted(string text) => new(text, raw: false, quoted: true);

    internal override void AppendTo(StringBuilder text, int indent, bool inline)
    {
        if (_raw || _quoted)
        {
            text.Append(_raw ? _text : YamlText.Quoted(_text)).Append('\n');
        }
        else if (_text.Contains('\n') && YamlText.Block(_text, out var indicator) is { } lines)
        {
            text.Append(indicator).Append('\n');
            foreach (var line in lines)
                text.Append(' ', line.Length == 0 ? 0 : indent).Append(line).Append('\n');
        }
        else
        {
            text.Append(YamlText.Scalar(_text)).Append('\n');
        }
    }
}

/// <summary>What a template writes there: the expression's YAML, indented to the node's own place.</summary>
/// <param name="expression">Without braces, such as <c>toYaml $.Values.resources</c>.</param>
public sealed class YamlTemplate(string expression) : YamlNode
{
    internal override bool IsEmpty => false;

    internal override void AppendTo(StringBuilder text, int indent, bool inline) =>
        text.Append(' ', inline ? 0 : indent).Append(CultureInfo.InvariantCulture, $"{{{{- {expression} | nindent {indent} }}}}\n");
}

/// <summary>A mapping in its order. Members that are null are left out.</summary>
public sealed class YamlMap : YamlNode, System.Collections.IEnumerable
{
    private readonly List<(string? Key, YamlNode? Value, string? Comment)> _entries = [];

    /// <summary>How many members there are.</summary>
    public int Count => _entries.Count(static e => e.Key is not null);

    internal override bool IsEmpty => _entries.Count == 0;

    /// <summary>Adds a member; nothing when the value is null.</summary>
    public YamlMap Add(string key, YamlNode? value, string? comment = null)
    {
        if (value is null)
            return this;
        if (_entries.Exists(e => e.Key == key))
            throw new ArgumentException($"The key '{key}' is there already.", nameof(key));
        _entries.Add((key, value, comment));
        return this;
    }

    /// <summary>Adds a line as it is, indented like a member: a template's <c>{{- if … }}</c>.</summary>
    public YamlMap AddLine(string line)
    {
        _entries.Add((null, YamlScalar.Raw(line), null));
        return this;
    }

    /// <summary>Adds a comment between members; an empty text makes an empty line.</summary>
    public YamlMap AddComment(string comment)
    {
        _entries.Add((null, null, comment));
        return this;
    }

    public System.Collections.IEnumerator GetEnumerator() => _entries.GetEnumerator();

    internal override void AppendTo(StringBuilder text, int indent, bool inline)
    {
        if (IsEmpty)
        {
            text.Append(' ', inline ? 0 : indent).Append("{}\n");
            return;
        }
        foreach (var (key, value, comment) in _entries)
        {
            if (comment is { Length: 0 } && key is null)
            {
                text.Append('\n');
                continue;
            }
            if (comment is not null && inline)
            {
                text.Length--; // the comment would stand between "- " and its content
                text.Append('\n');
                inline = false;
            }
            if (comment is not null)
                YamlText.AppendComment(text, comment, indent);
            if (value is null)
                continue;
            text.Append(' ', inline ? 0 : indent);
            inline = false;
            if (key is not null)
                text.Append(YamlText.Key(key)).Append(':');
            AppendValue(text, value, indent, hasKey: key is not null);
        }
    }

    private static void AppendValue(StringBuilder text, YamlNode value, int indent, bool hasKey)
    {
        if (value is YamlScalar || value.IsEmpty)
        {
            text.Append(hasKey ? " " : "");
            value.AppendTo(text, indent + 2, inline: true);
        }
        else
        {
            text.Append('\n');
            value.AppendTo(text, indent + 2, inline: false);
        }
    }
}

/// <summary>A sequence.</summary>
public sealed class YamlList : YamlNode, System.Collections.IEnumerable
{
    private readonly List<YamlNode> _items = [];

    public YamlList(params IEnumerable<YamlNode> items) => _items.AddRange(items);

    /// <summary>How many items there are.</summary>
    public int Count => _items.Count;

    internal override bool IsEmpty => _items.Count == 0;

    /// <summary>Adds a line as it is, indented like an item: a template's <c>{{- if … }}</c>.</summary>
    public YamlList AddLine(string line)
    {
        _items.Add(new Line(line));
        return this;
    }

    /// <summary>A list of texts.</summary>
    public static YamlList Of(IEnumerable<string> texts) => new(texts.Select(static t => (YamlNode)t));

    /// <summary>Adds an item.</summary>
    public YamlList Add(YamlNode item)
    {
        _items.Add(item);
        return this;
    }

    public System.Collections.IEnumerator GetEnumerator() => _items.GetEnumerator();

    internal override void AppendTo(StringBuilder text, int indent, bool inline)
    {
        if (IsEmpty)
        {
            text.Append(' ', inline ? 0 : indent).Append("[]\n");
            return;
        }
        foreach (var item in _items)
        {
            if (item is Line)
            {
                item.AppendTo(text, indent, inline);
                inline = false;
                continue;
            }
            text.Append(' ', inline ? 0 : indent).Append("- ");
            inline = false;
            item.AppendTo(text, indent + 2, inline: true);
        }
    }

    private sealed class Line(string line) : YamlNode
    {
        internal override bool IsEmpty => false;

        internal override void AppendTo(StringBuilder text, int indent, bool inline) =>
            text.Append(' ', inline ? 0 : indent).Append(line).Append('\n');
    }
}
