using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Lucia.Simulator.Model;

/// <summary>What the messages of a request amount to: the wishes of the last user message, with everything earlier turns say about them, and the tool calls made since.</summary>
internal sealed partial class Conversation
{
    private Conversation(IReadOnlyList<Wish> wishes, string said, bool german, IReadOnlyList<(ToolCall Call, string? Result)> calls, int rounds, string? speakerArea) =>
        (Wishes, Said, German, Calls, Rounds, SpeakerArea) = (wishes, said, german, calls, rounds, speakerArea);

    public IReadOnlyList<Wish> Wishes { get; }

    /// <summary>The last user message.</summary>
    public string Said { get; }

    public bool German { get; }

    /// <summary>The tool calls since the last user message, with their results.</summary>
    public IReadOnlyList<(ToolCall Call, string? Result)> Calls { get; }

    /// <summary>How often tools were called since the last user message.</summary>
    public int Rounds { get; }

    /// <summary>The room of the speaker, when the system message names one.</summary>
    public string? SpeakerArea { get; }

    /// <summary>The result of a call just like this one, if it was made since the last user message.</summary>
    public (bool Made, string? Result) Find(string tool, JsonObject arguments)
    {
        foreach (var (call, result) in Calls)
        {
            if (call.Name == tool && JsonNode.DeepEquals(Json.TryParse(call.Arguments), arguments))
                return (true, result);
        }

        return (false, null);
    }

    public static Conversation Read(ChatRequest request)
    {
        var messages = request.Messages;
        Wish? context = null;
        IReadOnlyList<Wish> wishes = [];
        var said = "";
        var asked = false;
        var lastUser = -1;
        for (var i = 0; i < messages.Count; i++)
        {
            var message = messages[i];
            if (message.Role == "user")
            {
                said = message.Text;
                wishes = [.. Listener.Listen(said).Select(wish => context is null ? wish : Understand(context, wish, asked))];
                context = wishes.LastOrDefault(wish => !wish.IsSmallTalk) ?? context;
                lastUser = i;
            }
            else if (message.Role == "assistant")
            {
                asked = message.Text.TrimEnd().EndsWith('?');
                if (context is not null && KnownIds(message) is { Count: > 0 } ids)
                    context = context with { KnownIds = ids };
            }
        }

        var turn = messages.Skip(lastUser + 1).ToList();
        var results = turn.Where(message => message.Role == "tool").GroupBy(message => message.ToolCallId ?? "").ToDictionary(group => group.Key, group => group.Last().Text);
        return new Conversation(
            wishes,
            said,
            Vocabulary.IsGerman(Vocabulary.Tokens(said)),
            [.. turn.SelectMany(message => message.Calls).Select(call => (call, results.GetValueOrDefault(call.Id)))],
            turn.Count(message => message.Calls.Count > 0),
            messages.Where(message => message.Role is "system" or "developer").Select(message => SpeakerRoom().Match(message.Text))
                .Where(match => match.Success).Select(match => match.Groups["area"].Value.Trim()).LastOrDefault());
    }

    private static Wish Understand(Wish context, Wish wish, bool asked)
    {
        if (!asked || wish.Act != Act.Continue || wish.Target.IsEmpty)
            return Listener.Follow(context, wish);

        // An answer to "which one?": its words come on top of those that were not enough.
        var target = context.Target;
        return context with
        {
            KnownIds = [],
            Target = target with
            {
                Words = [.. target.Words.Union(wish.Target.Words)],
                Area = wish.Target.Area.Count > 0 ? wish.Target.Area : target.Area,
                Kind = wish.Target.Kind ?? target.Kind,
                KindWord = wish.Target.KindWord ?? target.KindWord,
                All = wish.Target.All,
            },
        };
    }

    /// <summary>Entity ids that an earlier call acted on or read; those of a search say nothing of what was meant.</summary>
    private static IReadOnlyList<string> KnownIds(ChatMessage message) =>
    [
        .. message.Calls
            .Select(call => Json.TryParse(call.Arguments) as JsonObject)
            .SelectMany(arguments => arguments?.FirstOrDefault(pair => pair.Key.StartsWith("entit", StringComparison.OrdinalIgnoreCase)).Value is { } ids ? Json.Strings(ids) ?? [] : [])
            .Where(id => id.Contains('.'))
            .Distinct(),
    ];

    [GeneratedRegex("""(?:speak\w*|user|person|device|satellite)\b[^.\n:"]{0,60}?\b(?:in(?:\s+the)?(?:\s+(?:area|room)\b)?|area|room)\b(?:\s+is)?(?:\s+in)?(?:\s+called)?(?:\s+the\b)?\s*[:=]?\s*["'“]?(?<area>[\p{L}][\p{L}\d ]{1,40}?)["'”]?\s*(?=[.,;\n"'”)]|$)""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 200)]
    private static partial Regex SpeakerRoom();
}
