using System.Text.RegularExpressions;
using Lucia.Publishing.Manifest;

namespace Lucia.Publishing.Text;

/// <summary>POSIX shell functions that the set-up scripts of several targets share. They work under <c>set -eu</c> and with <c>pipefail</c>.</summary>
public static partial class ShellFunctions
{
    /// <summary>
    /// Those of some functions that a program names, itself or through each other, in their order and with an empty line after each. A function
    /// stands as <c>NAME() {</c> … <c>}</c> from the line's beginning, below its comment.
    /// </summary>
    public static string Used(string functions, string program)
    {
        var all = Function().Matches(functions.ReplaceLineEndings("\n")).Select(static m => (Name: m.Groups["name"].Value, Text: m.Value.TrimEnd('\n') + "\n\n")).ToList();
        var used = new HashSet<string>();
        for (var pending = new Queue<string>([program]); pending.TryDequeue(out var text);)
        {
            // A comment names nothing, whatever words it is made of.
            var calls = Comment().Replace(text, "");
            foreach (var function in all.Where(f => !used.Contains(f.Name) && Names(calls, f.Name)).ToList())
            {
                used.Add(function.Name);
                pending.Enqueue(function.Text);
            }
        }
        return string.Concat(all.Where(f => used.Contains(f.Name)).Select(static f => f.Text));
    }

    /// <summary>Whether a word stands in a text, and not as a part of another.</summary>
    private static bool Names(string text, string word)
    {
        for (var at = text.IndexOf(word, StringComparison.Ordinal); at >= 0; at = text.IndexOf(word, at + 1, StringComparison.Ordinal))
        {
            if ((at == 0 || !IsOfWord(text[at - 1])) && (at + word.Length == text.Length || !IsOfWord(text[at + word.Length])))
                return true;
        }
        return false;

        static bool IsOfWord(char c) => char.IsLetterOrDigit(c) || c is '_' or '-';
    }

    [GeneratedRegex(@"^\s*#.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"(?:^\#\ .*\n)*^(?<name>\w+)\(\)\ \{\n(?:(?!\}).*\n)*\}\n", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Function();

    /// <summary>
    /// <c>generate_secret LENGTH CHARACTERS LOWER UPPER DIGITS SPECIAL</c> writes a random value to standard output; call it as
    /// <see cref="Generate"/> says.
    /// </summary>
    public const string GenerateSecret = """
        # Writes LENGTH random characters of a tr(1) set, with at least so many lower-case letters, capitals, digits and others.
        generate_secret() {
          while :; do
            candidate=$(head -c 65536 /dev/urandom | LC_ALL=C tr -dc "$2" | cut -c "1-$1")
            [ "$(count_characters "$candidate" 'a-z')" -ge "$3" ] || continue
            [ "$(count_characters "$candidate" 'A-Z')" -ge "$4" ] || continue
            [ "$(count_characters "$candidate" '0-9')" -ge "$5" ] || continue
            [ "$(count_characters "$candidate" '_.~-')" -ge "$6" ] || continue
            printf '%s' "$candidate"
            return
          done
        }

        count_characters() {
          printf '%s' "$1" | LC_ALL=C tr -dc "$2" | wc -c
        }

        """;

    /// <summary><c>uri_encode VALUE</c> writes the value percent-encoded (RFC 3986) to standard output; the value is in no program's arguments.</summary>
    public const string UriEncode = """
        # Percent-encodes every byte that RFC 3986 does not leave alone.
        uri_encode() {
          printf '%s' "$1" | od -An -v -tu1 | LC_ALL=C awk '{
            for (i = 1; i <= NF; i++) {
              c = $i + 0
              if ((c >= 48 && c <= 57) || (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c == 45 || c == 46 || c == 95 || c == 126)
                printf "%c", c
              else
                printf "%%%02X", c
            }
          }'
        }

        """;

    /// <summary>The call that makes a value by a recipe, such as <c>generate_secret 22 'A-Za-z0-9' 0 0 0 0</c>.</summary>
    public static string Generate(GenerateRecipe recipe)
    {
        var set = (recipe.Upper ? "A-Z" : "") + (recipe.Lower ? "a-z" : "") + (recipe.Numeric ? "0-9" : "") + (recipe.Special ? "_.~-" : "");
        // A minimum of what is not allowed can never be met.
        return $"generate_secret {recipe.MinLength} '{set}' {(recipe.Lower ? recipe.MinLower : 0)} {(recipe.Upper ? recipe.MinUpper : 0)} "
            + $"{(recipe.Numeric ? recipe.MinNumeric : 0)} {(recipe.Special ? recipe.MinSpecial : 0)}";
    }
}
