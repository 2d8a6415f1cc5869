using System.Text.RegularExpressions;

namespace Lucia.Simulator.Model;

/// <summary>Turns what a user says into wishes. Deterministic, and honest about what it does not understand.</summary>
internal static partial class Listener
{
    private const int LongestMessage = 2000;

    /// <summary>The wishes of one message, in order; a message that is not understood is one <see cref="Act.Unknown"/>.</summary>
    public static IReadOnlyList<Wish> Listen(string message)
    {
        var text = message.Length > LongestMessage ? message[..LongestMessage] : message;
        var wishes = new List<Wish>();
        foreach (var sentence in SentenceEnd().Split(text))
        {
            var tokens = Vocabulary.Tokens(sentence).SelectMany(Vocabulary.Split).ToList();
            var asked = sentence.TrimEnd().EndsWith('?');
            foreach (var clause in Clauses(tokens))
                wishes.Add(Clause.Read(clause, asked));
        }

        wishes = Join(wishes);
        return wishes.Count > 0 ? wishes : [new Wish(Act.Unknown, new Target())];
    }

    private static IEnumerable<IReadOnlyList<string>> Clauses(IReadOnlyList<string> tokens)
    {
        var clause = new List<string>();
        foreach (var token in tokens)
        {
            if (token is "and" or "und" or "then" or "dann" or "but" or "aber")
            {
                if (clause.Count > 0)
                    yield return clause;
                clause = [];
                continue;
            }

            clause.Add(token);
        }

        if (clause.Count > 0)
            yield return clause;
    }

    /// <summary>"Hello, turn on the kitchen and hallway lights and dim them to 20 percent" is two wishes for two things, not four.</summary>
    private static List<Wish> Join(List<Wish> heard)
    {
        if (heard.Any(wish => !wish.IsSmallTalk))
            heard = [.. heard.Where(wish => !wish.IsSmallTalk)];

        var joined = new List<Wish>();
        for (var i = 0; i < heard.Count; i++)
        {
            var wish = heard[i];

            // "Schalte die Lichter in Küche und Flur aus": the verb is whole only at the end.
            if (joined.Count == 0 && wish is { Act: Act.Continue, Target.IsEmpty: false } && i + 1 < heard.Count && heard[i + 1] is { IsControl: true } last)
            {
                wish = Merge(wish, last) with { Act = last.Act };
                if (last.Target is { Kind: null, IsEmpty: false })
                    heard[i + 1] = last with { Target = last.Target with { Kind = wish.Target.Kind, KindWord = wish.Target.KindWord, All = last.Target.All || wish.Target.All } };
            }

            // "the kitchen and the hallway lights": the kind is said once, at the end.
            if (wish.Target is { Kind: null, IsEmpty: false } && i + 1 < heard.Count && heard[i + 1] is { Act: Act.Continue, Target.Kind: { } kind } next)
                wish = wish with { Target = wish.Target with { Kind = kind, KindWord = next.Target.KindWord, All = wish.Target.All || next.Target.All } };

            if (joined.Count > 0 && joined[^1] is var before)
            {
                var bare = wish.Target.IsEmpty;
                if (bare && before.IsControl && (wish.Act == Act.Adjust || (wish.Act == Act.Continue && wish.SetsLook)) && before.Act is Act.TurnOn or Act.Adjust)
                {
                    // All the things just named are meant, however many "and" put between them.
                    joined = [.. joined.Select(each => each.Act is Act.TurnOn or Act.Adjust ? Merge(each, wish) : each)];
                    continue;
                }

                if (bare && wish.Act == Act.Continue)
                    continue;
                if (bare)
                    wish = wish with { Target = before.Target };
                else if (wish.Act == Act.Continue)
                    wish = Follow(before, wish);
            }

            joined.Add(wish);
        }

        return joined;
    }

    private static Wish Merge(Wish before, Wish look) => before with
    {
        BrightnessPercent = look.BrightnessPercent ?? before.BrightnessPercent,
        BrightnessStep = look.BrightnessStep,
        Kelvin = look.Kelvin ?? before.Kelvin,
        KelvinStep = look.KelvinStep,
        Color = look.Color ?? before.Color,
    };

    /// <summary>What a wish without a verb, or with only a pronoun, means after <paramref name="before"/>.</summary>
    public static Wish Follow(Wish before, Wish wish)
    {
        if (wish.Act != Act.Continue)
            return wish.Target.IsEmpty && !wish.IsSmallTalk ? wish with { Target = before.Target, KnownIds = before.KnownIds } : wish;

        var target = wish.Target;
        if (target.IsEmpty)
            return wish.SetsLook ? Merge(before with { Act = Act.Adjust, BrightnessPercent = null, Kelvin = null, Color = null }, wish) : before;

        // "and the bedroom too": only a room is named, so everything of that kind in it is meant.
        var roomOnly = target.Kind is null && before.Target.Kind is not null;
        var look = wish.SetsLook ? wish : Merge(wish, before);
        return look with
        {
            Act = before.Act,
            State = wish.State ?? before.State,
            Degrees = wish.Degrees ?? before.Degrees,
            Target = target with
            {
                Kind = target.Kind ?? before.Target.Kind,
                KindWord = target.KindWord ?? before.Target.KindWord,
                All = target.All || before.Target.All || roomOnly,
                Words = before.Act == Act.AskValue && target.Area.Count > 0 && target.Words.Count == 0 ? before.Target.Words : target.Words,
            },
            KnownIds = [],
        };
    }

    [GeneratedRegex(@"(?<!\d)[.!?;\n]+|(?<=\d)[.!?;]+(?=\s|$)|,(?=\s)", RegexOptions.CultureInvariant)]
    private static partial Regex SentenceEnd();
}
