using System.Text;
using Lucia.Publishing.Expressions;

namespace Lucia.Publishing.Plan;

/// <summary>
/// Aspire starts Redis and Valkey by <c>/bin/sh -c "redis-server --requirepass $REDIS_PASSWORD …"</c>, which leaves the password in the
/// process list. The same options read from standard input do not, and <c>exec</c> makes the server process 1, which gets the signals.
/// </summary>
internal static class RedisCommand
{
    /// <summary>The better argument in place of the shell's script, or null when the script is not of that simple form.</summary>
    public static ValueExpression? Improve(IReadOnlyList<ValueExpression>? entrypoint, IReadOnlyList<ValueExpression>? args)
    {
        if (entrypoint is not [{ Literal: "/bin/sh" or "sh" }] || args is not [{ Literal: "-c" }, { Literal: { } script }])
            return null;
        var words = script.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words is ["exec", .. var rest])
            words = rest;
        if (words is not ["redis-server" or "valkey-server", ..] || !words.Contains("--requirepass") || words.Where(static (word, at) => !IsPlain(word, at)).Any())
            return null;

        var configuration = new StringBuilder($"exec {words[0]} - <<EOF");
        foreach (var word in words.Skip(1))
        {
            if (word.StartsWith("--", StringComparison.Ordinal))
                configuration.Append('\n').Append(word.AsSpan(2));
            else if (word.StartsWith('$'))
                configuration.Append(" \"").Append(word).Append('"');
            else
                configuration.Append(' ').Append(word);
        }
        return ValueExpression.FromLiteral(configuration.Append("\nEOF\n").ToString());
    }

    private static bool IsPlain(string word, int at) =>
        (word.Length > 2 || !word.StartsWith("--", StringComparison.Ordinal))
        && (at != 1 || word.StartsWith("--", StringComparison.Ordinal))
        && word.TrimStart('$').All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/' or ':')
        && word.LastIndexOf('$') <= 0;
}
