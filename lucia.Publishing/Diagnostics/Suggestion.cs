namespace Lucia.Publishing.Diagnostics;

/// <summary>"Did you mean …": the closest of a few names.</summary>
internal static class Suggestion
{
    /// <summary>A remedy that names the closest candidate, or lists them all.</summary>
    public static string For(string wanted, IReadOnlyCollection<string> candidates, string what)
    {
        if (candidates.Count == 0)
            return $"There are no {what} here.";
        var best = candidates.MinBy(c => Distance(wanted.ToLowerInvariant(), c.ToLowerInvariant()))!;
        // A name of one letter is near every other.
        return Distance(wanted.ToLowerInvariant(), best.ToLowerInvariant()) <= Math.Min(wanted.Length - 1, Math.Max(wanted.Length < 3 ? 1 : 2, wanted.Length / 3))
            ? $"Did you mean '{best}'?"
            : $"Known {what}: {string.Join(", ", candidates.Take(12))}{(candidates.Count > 12 ? ", …" : "")}.";
    }

    private static int Distance(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > 8 || a.Length > 100 || b.Length > 100)
            return int.MaxValue;
        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
            row[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                (diagonal, row[j]) = (row[j], cost);
            }
        }
        return row[b.Length];
    }
}
