using System.Text;
using System.Text.RegularExpressions;

namespace Lucia.Publishing.Tests.Parity;

/// <summary>Reads the shell commands that set-up scripts and the installer join text and secrets with.</summary>
internal static partial class JoiningScript
{
    /// <summary>The blocks <c>{ … } | writer NAME</c> or <c>{ … } &gt;folder/NAME</c>, by NAME.</summary>
    public static IReadOnlyDictionary<string, string> Blocks(string script) =>
        Block().Matches(script).ToDictionary(static m => m.Groups["name"].Value, static m => m.Groups["commands"].Value);

    /// <summary>What some commands write, with references in place of secrets and settings.</summary>
    public static string Read(string commands, Glossary glossary)
    {
        var text = new StringBuilder();
        foreach (Match command in Command().Matches(commands))
        {
            var uri = command.Groups["uri"].Success;
            if (command.Groups["secret"].Success)
                text.Append((glossary.Secret(command.Groups["secret"].Value) ?? $"unknown secret {command.Groups["secret"].Value}").Replace("}", uri ? "|uri}" : "}"));
            else if (command.Groups["variable"].Success)
                text.Append(glossary.Parameter(command.Groups["variable"].Value) is { } parameter
                    ? Glossary.Reference(parameter, Unquoted(command.Groups["default"].Value), uri) : $"unknown setting {command.Groups["variable"].Value}");
            else
                text.Append(Unquoted(command.Groups["text"].Value));
        }
        return glossary.WithReferences(text.ToString());
    }

    private static string Unquoted(string word) => word.StartsWith('\'') ? word[1..^1].Replace(@"'\''", "'") : word;

    private const string Word = @"'(?:[^']|'\\'')*'|[A-Za-z0-9_./:@%+,-]+";

    [GeneratedRegex(@"^\s*\{\n(?<commands>(?:(?!^\s*\{$).)*?)\n?\} (?:\| (?:write_secret|composed) |>\S*/)(?<name>[\w.-]+)$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(
        @"(?<uri>uri_encode ""\$\()?(?:(?:printf '%s' ""\$\()?(?:cat \S*secrets/|\bsecret )(?<secret>[\w.-]+)\)?""?"
        + @"|(?:printf '%s' ""\$\()?(?:env_value|setting) (?<variable>\w+)(?:(?: \| or_default)? (?<default>" + Word + @"))?\)?""?"
        + @"|(?:\btext|printf '%s') (?<text>" + Word + "))")]
    private static partial Regex Command();
}
