namespace Lucia.Settings;

/// <summary>Finds what a mistyped name was probably meant to be.</summary>
internal static class NearestName
{
    /// <summary>The candidate with the fewest edits to <paramref name="name"/>; <see langword="null"/> when all need more than <paramref name="atMost"/>.</summary>
    public static string? Find(string name, IEnumerable<string> candidates, int atMost) => candidates
        .Select(candidate => (candidate, edits: Edits(name.ToUpperInvariant(), candidate.ToUpperInvariant())))
        .Where(found => found.edits <= atMost)
        .OrderBy(found => found.edits)
        .Select(found => found.candidate)
        .FirstOrDefault();

    /// <summary>Levenshtein's distance.</summary>
    public static int Edits(string left, string right)
    {
        var previous = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var current = new int[right.Length + 1];
            current[0] = i;
            for (var j = 1; j <= right.Length; j++)
                current[j] = Math.Min(Math.Min(current[j - 1], previous[j]) + 1, previous[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1));
            previous = current;
        }

        return previous[^1];
    }
}
