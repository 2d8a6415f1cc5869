using System.Globalization;
using System.Text;

namespace Lucia.AgentHost.Home;

/// <summary>Finds entities by the words people use: names, rooms and kinds, small misspellings included. Pure; the house comes in as data.</summary>
public static class EntitySearch
{
    private const double NameWord = 3, AreaWord = 2, KindWord = 1.5, NearWord = 1;

    /// <summary>Words that name a kind of device, in the languages that are cheap to know. The stem of the English plural is cut before looking.</summary>
    private static readonly Dictionary<string, string> Kinds = new(StringComparer.Ordinal)
    {
        ["light"] = "light",
        ["lamp"] = "light",
        ["licht"] = "light",
        ["lampe"] = "light",
        ["lampen"] = "light",
        ["lichter"] = "light",
        ["switch"] = "switch",
        ["plug"] = "switch",
        ["outlet"] = "switch",
        ["socket"] = "switch",
        ["schalter"] = "switch",
        ["steckdose"] = "switch",
    };

    private static readonly HashSet<string> Noise = new(StringComparer.Ordinal)
    {
        "the", "a", "an", "in", "of", "on", "at", "to", "my", "all", "every", "please", "and", "off", "turn", "der", "die", "das", "den", "im", "alle", "bitte", "und",
    };

    /// <summary>Ranks entities against a query; best first.</summary>
    /// <param name="entities">The entities to look through.</param>
    /// <param name="query">Free words; null or empty keeps everything.</param>
    /// <param name="area">Keeps one area, by name, however it is written; null for all.</param>
    /// <param name="domain">Keeps one domain; null for all.</param>
    /// <param name="speakerArea">Where the speaker is: wins among equals.</param>
    public static IReadOnlyList<Entity> Find(IReadOnlyList<Entity> entities, string? query, string? area, string? domain, string? speakerArea)
    {
        var candidates = entities.AsEnumerable();
        if (!string.IsNullOrWhiteSpace(domain)) candidates = candidates.Where(entity => entity.Domain.Equals(domain.Trim(), StringComparison.OrdinalIgnoreCase));
        if (!string.IsNullOrWhiteSpace(area)) candidates = candidates.Where(entity => SameArea(entity.Area, area));

        var words = Words(query).Where(word => !Noise.Contains(word)).ToList();
        if (words.Count == 0)
            return [.. candidates.OrderByDescending(entity => SameArea(entity.Area, speakerArea)).ThenBy(entity => entity.Id, StringComparer.Ordinal)];

        var scored = candidates.Select(entity => (entity, score: Score(entity, words))).Where(pair => pair.score > 0).ToList();
        if (scored.Count == 0) return [];
        // A match on the kind alone ("light") says little beside one on the name; keep what is near the best.
        var best = scored.Max(pair => pair.score);
        return [.. scored
            .Where(pair => pair.score >= best * 0.6)
            .OrderByDescending(pair => pair.score)
            .ThenByDescending(pair => SameArea(pair.entity.Area, speakerArea))
            .ThenBy(pair => pair.entity.Id, StringComparer.Ordinal)
            .Select(pair => pair.entity)];
    }

    /// <summary>Whether a spoken area is an area's name: "livingroom", "the living room" and "Living Room" are one.</summary>
    public static bool SameArea(string? name, string? spoken)
    {
        if (string.IsNullOrWhiteSpace(name) || string.IsNullOrWhiteSpace(spoken)) return false;
        return string.Concat(Words(name)) == string.Concat(Words(spoken).Where(word => word is not ("the" or "my" or "der" or "die" or "das")));
    }

    private static double Score(Entity entity, List<string> words)
    {
        var name = Words(entity.Name).ToHashSet(StringComparer.Ordinal);
        var area = Words(entity.Area).ToHashSet(StringComparer.Ordinal);
        var id = Words(entity.Id).ToHashSet(StringComparer.Ordinal);
        return words.Sum(word =>
            name.Contains(word) ? NameWord
            : area.Contains(word) ? AreaWord
            : Kinds.TryGetValue(word, out var kind) && kind == entity.Domain || word == entity.Domain ? KindWord
            : id.Contains(word) ? NearWord
            : name.Any(candidate => IsNear(candidate, word)) || area.Any(candidate => IsNear(candidate, word)) ? NearWord : 0);
    }

    /// <summary>One slip of the finger in a word of five letters or more, or the beginning of a longer word.</summary>
    private static bool IsNear(string candidate, string word) =>
        word.Length >= 4 && (candidate.StartsWith(word, StringComparison.Ordinal) || (candidate.Length >= 4 && word.StartsWith(candidate, StringComparison.Ordinal)))
        || (word.Length >= 5 && OneEditApart(candidate, word));

    private static bool OneEditApart(string left, string right)
    {
        if (Math.Abs(left.Length - right.Length) > 1) return false;
        var start = 0;
        while (start < left.Length && start < right.Length && left[start] == right[start]) start++;
        var end = 0;
        while (end < left.Length - start && end < right.Length - start && left[^(end + 1)] == right[^(end + 1)]) end++;
        return Math.Max(left.Length, right.Length) - start - end <= 1;
    }

    /// <summary>Lower-case words without accents; an English plural loses its s.</summary>
    private static IEnumerable<string> Words(string? text)
    {
        if (string.IsNullOrEmpty(text)) yield break;
        var word = new StringBuilder();
        foreach (var character in text.Normalize(NormalizationForm.FormD))
        {
            if (char.IsLetterOrDigit(character)) word.Append(char.ToLowerInvariant(character));
            else if (CharUnicodeInfo.GetUnicodeCategory(character) != UnicodeCategory.NonSpacingMark && word.Length > 0)
            {
                yield return Stem(word.ToString());
                word.Clear();
            }
        }

        if (word.Length > 0) yield return Stem(word.ToString());
    }

    private static string Stem(string word) => word.Length > 3 && word[^1] == 's' && word[^2] != 's' ? word[..^1] : word;
}
