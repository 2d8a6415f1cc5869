namespace Lucia.Simulator.Model;

/// <summary>Chooses among what a search found: an exact name before everything else, then a name that has the words, then the kind in the room.</summary>
internal sealed record Choice(IReadOnlyList<Candidate> Chosen, IReadOnlyList<Candidate> Rivals)
{
    private static readonly string[] Switchable = ["light", "switch", "fan", "media_player", "cover", "climate"];

    public static Choice Among(IReadOnlyList<Candidate> found, Wish wish, bool areaWasSearched)
    {
        var target = wish.Target;
        var words = target.Words.SelectMany(word => Vocabulary.Translate(word).Split(' ')).Select(Vocabulary.Stem).ToList();
        var area = target.Area.SelectMany(word => Vocabulary.Translate(word).Split(' ')).Select(Vocabulary.Stem).ToList();
        var kind = target.KindWord is null ? [] : Vocabulary.Translate(target.KindWord).Split(' ').Select(Vocabulary.Stem).ToList();

        // A search by area that stayed within one area has resolved the user's word for it, an alias perhaps.
        var areaIsGiven = area.Count == 0 || (areaWasSearched && found.Select(each => each.Area).Distinct().Count() == 1);
        var ranked = found
            .Where(each => areaIsGiven || area.All(word => Covers(Stems(each.Area.Length > 0 ? each.Area : each.Name), word)))
            .Select(each => (Candidate: each, Rank: Rank(each, target, words, kind)))
            .Where(each => each.Rank > 0)
            .ToList();
        if (ranked.Count == 0)
            return new Choice([], []);

        var best = ranked.Max(each => each.Rank);
        List<Candidate> top = [.. ranked.Where(each => each.Rank == best).Select(each => each.Candidate)];
        if (target.All && best < Exact)
            top = [.. ranked.Where(each => each.Rank >= (best > InRoom ? InRoom + 1 : 1)).Select(each => each.Candidate)];
        return top.Count == 1 || target.All || wish.Act == Act.AskWhich ? new Choice(top, []) : new Choice([], top);
    }

    private const int Exact = 1000;
    private const int InRoom = 10;

    private static int Rank(Candidate candidate, Target target, List<string> words, List<string> kind)
    {
        var name = Stems(candidate.Name);
        var area = Stems(candidate.Area);
        List<string> spoken = [.. words, .. kind];
        if (spoken.Count > 0 && (name.Order().SequenceEqual(spoken.Order()) || (words.Count > 0 && name.Order().SequenceEqual(words.Order()) && FitsKind(candidate, target))))
            return Exact + (FitsKind(candidate, target) ? 1 : 0);

        var named = words.Count(word => Covers(name, word));
        if (words.Any(word => !Covers(name, word) && !Covers(area, word)))
            return 0;
        var kindInName = kind.Count > 0 && kind.All(word => Covers(name, word));
        if (!FitsKind(candidate, target) && !kindInName)
            return 0;
        if (target.Kind is null && words.Count(word => !Covers(area, word)) == 0 && !Switchable.Contains(candidate.Domain))
            return 0;

        // Words that tell it from the other things in the room weigh; words of the room itself do not.
        var telling = words.Count(word => Covers(name, word) && !Covers(area, word));
        return telling > 0 ? InRoom + (telling * 10) + (kindInName ? 1 : 0) + (named == name.Count ? 5 : 0) : InRoom;
    }

    private static bool FitsKind(Candidate candidate, Target target) =>
        target.Kind is null ? Switchable.Contains(candidate.Domain) || target.Words.Count > 0 : candidate.Domain == target.Kind;

    private static List<string> Stems(string text) => [.. Vocabulary.Tokens(text).SelectMany(word => Vocabulary.Translate(word).Split(' ')).Select(Vocabulary.Stem)];

    private static bool Covers(List<string> stems, string word) =>
        stems.Any(stem => stem == word || (word.Length >= 5 && stem.Length >= 5 && OneEditApart(stem, word)))
        || (word.Length >= 6 && string.Concat(stems).Contains(word, StringComparison.Ordinal));

    private static bool OneEditApart(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > 1)
            return false;
        int i = 0, j = 0, edits = 0;
        while (i < a.Length && j < b.Length)
        {
            if (a[i] == b[j])
            {
                i++;
                j++;
                continue;
            }

            if (++edits > 1)
                return false;
            if (a.Length >= b.Length)
                i++;
            if (b.Length >= a.Length)
                j++;
        }

        return edits + (a.Length - i) + (b.Length - j) <= 1;
    }
}
