using System.Text.RegularExpressions;

namespace Lucia.AgentHost.Chat;

/// <summary>
/// What Lucia adds to a model's words so that no answer claims what the home did not confirm. The most common complaint about such
/// assistants is "it said done and did nothing"; instructions alone do not keep a small model from it.
/// </summary>
internal static partial class Honesty
{
    /// <summary>The sentence to add after a model's answer; null when there is nothing to put right.</summary>
    /// <param name="answer">What the model said.</param>
    /// <param name="actions">What was tried in this turn.</param>
    /// <param name="nothingRead">Whether nothing was read either that the model could speak of: no tool ran, or the user is yet to be asked.</param>
    public static string? Correction(string answer, IReadOnlyList<ChatAction> actions, bool nothingRead)
    {
        var failed = actions
            .Where(action => !action.Success && !actions.Any(other => other.Success && other.Target == action.Target))
            .DistinctBy(action => action.Target)
            .ToList();
        if (failed.Count > 0) return "Not confirmed by the home: " + string.Join(" ", failed.Select(action => action.Error));
        var claims = actions.Count == 0 && (ClaimsADeed().IsMatch(answer) || (nothingRead && ClaimsAState().IsMatch(answer)));
        return claims ? "Nothing was changed in the home: no device was called." : null;
    }

    /// <summary>Claims of a deed of one's own, in the languages that are cheap to know. Questions and refusals do not match.</summary>
    [GeneratedRegex(
        @"^\W*(done|all done|erledigt|fertig)\b|\bI(['’]ve| have)?( just)? (turned|switched|set|dimmed|opened|closed|locked|unlocked|activated|started)\b|\bich habe\b.*\b((ein|aus|an)geschaltet|gedimmt)\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ClaimsADeed();

    /// <summary>Words that tell of a change just as well as of a state that was read.</summary>
    [GeneratedRegex(
        @"\b(has|have) been (turned|switched|set|dimmed|opened|closed|locked|activated)\b|\b(is|are) now (on|off|set|dimmed|open|closed|locked)\b|\b(ein|aus|an)geschaltet\b|\bgedimmt\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ClaimsAState();
}
