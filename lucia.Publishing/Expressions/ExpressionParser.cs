using Lucia.Publishing.Diagnostics;
using Lucia.Publishing.Manifest;

namespace Lucia.Publishing.Expressions;

/// <summary>A piece of a text: plain text (<paramref name="Path"/> is empty) or a reference.</summary>
/// <param name="Text">The plain text, or the reference with its braces.</param>
/// <param name="Path">Resource name and property path of a reference.</param>
internal readonly record struct ExpressionToken(string Text, IReadOnlyList<string> Path)
{
    public bool IsReference => Path.Count > 0;
}

/// <summary>
/// Splits a text into plain text and <c>{resource.path}</c> references. The format has no escape for braces, and route templates or JSON
/// hold braces of their own; so braces count as a reference when they look like one (<c>name.part</c>), are an error when they begin with the
/// name of a resource and are broken, and are text otherwise.
/// </summary>
internal sealed class ExpressionParser(Func<string, bool> isResource, DiagnosticBag diagnostics)
{
    public IReadOnlyList<ExpressionToken> Parse(ManifestText source)
    {
        var text = source.Text;
        var tokens = new List<ExpressionToken>();
        var plainFrom = 0;
        var keptBraces = false;
        for (var at = text.IndexOf('{'); at >= 0 && at < text.Length; at = NextBrace(text, at))
        {
            var (length, path, problem) = ReadReference(text, at);
            if (problem is not null)
                diagnostics.Report(DiagnosticCatalogue.MalformedExpression, source.At, problem);
            if (path is null)
            {
                keptBraces |= problem is null;
                at++;
                continue;
            }
            if (at > plainFrom)
                tokens.Add(new ExpressionToken(text[plainFrom..at], []));
            tokens.Add(new ExpressionToken(text.Substring(at, length), path));
            at += length;
            plainFrom = at;
        }
        if (plainFrom < text.Length)
            tokens.Add(new ExpressionToken(text[plainFrom..], []));
        if (keptBraces)
            diagnostics.Report(DiagnosticCatalogue.BracesKept, source.At, "Text in braces is no reference and is kept as it is.");
        return tokens;
    }

    private static int NextBrace(string text, int from) => from < text.Length ? text.IndexOf('{', from) : -1;

    private (int Length, IReadOnlyList<string>? Path, string? Problem) ReadReference(string text, int open)
    {
        var start = open + 1;
        var nameEnd = start;
        while (nameEnd < text.Length && IsNameCharacter(text[nameEnd]))
            nameEnd++;
        var name = text[start..nameEnd];

        var close = text.IndexOfAny(['}', '{'], nameEnd);
        var body = close >= 0 && text[close] == '}' ? text[start..close] : null;
        if (body is not null && name.Length > 0 && char.IsAsciiLetter(name[0]) && nameEnd < close && text[nameEnd] == '.')
        {
            var path = body.Split('.');
            if (path.All(static part => part.Length > 0 && part.All(IsNameCharacter)))
                return (close - open + 1, path, null);
        }

        var trimmed = name.Length > 0 ? name : FirstWord(body);
        if (!isResource(trimmed))
            return (0, null, null);
        return (0, null, body is null
            ? $"The expression that begins with '{{{trimmed}' is not closed."
            : $"'{{{body}}}' names the resource '{trimmed}', but is no reference.");
    }

    private static string FirstWord(string? body)
    {
        var word = body?.Trim() ?? "";
        var end = 0;
        while (end < word.Length && IsNameCharacter(word[end]))
            end++;
        return word[..end];
    }

    private static bool IsNameCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_';
}
