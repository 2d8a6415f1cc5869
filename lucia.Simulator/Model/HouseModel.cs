using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Lucia.Simulator.Model;

/// <summary>What the model answers: words, or tool calls.</summary>
internal sealed record ModelReply(string? Text, IReadOnlyList<ToolCall> Calls)
{
    public static ModelReply Say(string text) => new(text, []);
}

/// <summary>
/// The simulated chat model. It is a function of the request alone and knows nothing of any house: it searches with the words of the user,
/// chooses among what the search tool found, calls the tool that fits, and answers from that tool's result.
/// </summary>
internal sealed class HouseModel
{
    private const int MaxRounds = 8;
    private const int MaxCallsAtOnce = 16;

    private readonly ChatRequest _request;
    private readonly Conversation _conversation;
    private readonly Phrases _phrases;
    private readonly List<(string Tool, JsonObject Arguments)> _needed = [];
    private readonly List<string> _answers = [];

    private HouseModel(ChatRequest request)
    {
        _request = request;
        _conversation = Conversation.Read(request);
        _phrases = new Phrases(_conversation.German);
    }

    public static ModelReply Reply(ChatRequest request) => new HouseModel(request).Reply();

    private ModelReply Reply()
    {
        var wishes = _conversation.Wishes;
        if (wishes.Count == 0 || wishes.All(wish => wish.IsSmallTalk))
            return ModelReply.Say(SmallTalk(wishes.FirstOrDefault()?.Act ?? Act.Unknown));
        if (_request.Tools.Count == 0)
            return ModelReply.Say(_phrases.NoTools);
        if (_conversation.Rounds >= MaxRounds)
            return ModelReply.Say(_phrases.GaveUp);

        foreach (var wish in wishes.Where(wish => !wish.IsSmallTalk))
            Pursue(wish);

        return _needed.Count > 0
            ? new ModelReply(null, [.. _needed.Take(MaxCallsAtOnce).Select(call => new ToolCall(CallId(call.Tool, call.Arguments), call.Tool, Json.Text(call.Arguments)))])
            : ModelReply.Say(string.Join(' ', _answers.Distinct()));
    }

    private string SmallTalk(Act act) => act switch
    {
        Act.Greet => _phrases.Greeting,
        Act.Thank => _phrases.Welcome,
        Act.Help => _phrases.Help,
        _ => _phrases.NotUnderstood,
    };

    private void Pursue(Wish wish)
    {
        if (wish.Act == Act.Continue)
        {
            _answers.Add(wish.Target.IsEmpty ? _phrases.WhichThing : _phrases.NotUnderstood);
            return;
        }

        if (wish.KnownIds.Count > 0)
        {
            Carry(wish, [.. wish.KnownIds.Select(id => new Candidate(id, id, "", id.Split('.')[0], "", []))], incomplete: false);
            return;
        }

        if (wish.Target.IsEmpty)
        {
            _answers.Add(_phrases.WhichThing);
            return;
        }

        if (wish.Target is { Here: true, Area.Count: 0 })
        {
            if (_conversation.SpeakerArea is not { } here)
            {
                _answers.Add(_phrases.WhichRoom);
                return;
            }

            wish = wish with { Target = wish.Target with { Area = Vocabulary.Tokens(here), All = wish.Target.All || wish.Target.Words.Count == 0 } };
        }

        if (wish.Act == Act.AskWhich)
            wish = wish with { Target = wish.Target with { All = true } };
        Search(wish);
    }

    private void Search(Wish wish)
    {
        if (_request.Tools.FirstOrDefault(tool => tool.IsSearch) is not { } search)
        {
            _answers.Add(_phrases.NoToolFor("search"));
            return;
        }

        foreach (var arguments in SearchPlan.For(wish, search))
        {
            var (made, result) = _conversation.Find(search.Name, arguments);
            if (!made)
            {
                Need(search.Name, arguments);
                return;
            }

            var byArea = search.Property(SearchPlan.AreaNames) is { } area && arguments.ContainsKey(area);
            var choice = Choice.Among(Candidate.ReadAll(result ?? ""), wish, byArea);
            if (choice.Rivals.Count > 0)
            {
                _answers.Add(_phrases.WhichOf([.. choice.Rivals.Select(rival => rival.Name)]));
                return;
            }

            if (choice.Chosen.Count > 0)
            {
                Carry(wish, choice.Chosen, Json.TryParse(result).Flag("truncated") == true);
                return;
            }
        }

        _answers.Add(wish.Act == Act.AskWhich && wish.Target is { Words.Count: 0, Area.Count: 0 }
            ? _phrases.Those(null, [], incomplete: false)
            : _phrases.NotFound(wish.Target.Spoken));
    }

    private void Carry(Wish wish, IReadOnlyList<Candidate> chosen, bool incomplete)
    {
        if (wish.IsQuestion)
            Answer(wish, chosen, incomplete);
        else
            Control(wish, chosen);
        if (incomplete && wish.IsControl && wish.Target.All && _needed.Count == 0)
            _answers.Add(_phrases.ThereMayBeMore);
    }

    private void Answer(Wish wish, IReadOnlyList<Candidate> chosen, bool incomplete)
    {
        if (wish.Act == Act.AskWhich)
        {
            _answers.Add(_phrases.Those(wish.State, [.. chosen.Where(each => wish.State is null || IsIn(each, wish.State)).Select(each => each.Name)], incomplete));
            return;
        }

        if (Read(chosen) is not { } read)
            return;
        foreach (var entity in read)
        {
            if (entity.State.Length == 0)
                _answers.Add(_phrases.NotFound(entity.Name));
            else if (wish.Act == Act.AskWhether)
                _answers.Add(_phrases.Whether(IsIn(entity, wish.State!), entity.Name, SpokenState(entity)));
            else
                _answers.Add(_phrases.Says(entity.Name, Value(entity)));
        }
    }

    /// <summary>Reads the states with the tool for it; without one, what the search said has to do. Nothing while the read is still to be made.</summary>
    private IReadOnlyList<Candidate>? Read(IReadOnlyList<Candidate> chosen)
    {
        if (_request.Tools.FirstOrDefault(tool => tool.IsRead) is not { } tool)
            return chosen;
        var complete = true;
        var read = new List<Candidate>();
        foreach (var arguments in Ids(tool, chosen))
        {
            var (made, result) = _conversation.Find(tool.Name, arguments);
            if (!made)
            {
                Need(tool.Name, arguments);
                complete = false;
                continue;
            }

            var found = Candidate.ReadAll(result ?? "");
            if (found.Count == 0 && Json.TryParse(result) is JsonObject single && Candidate.Id(single) is not null)
                found = Candidate.ReadAll(Json.Text(new JsonArray(single.DeepClone())));
            read.AddRange(found);
        }

        return complete ? [.. chosen.Select(each => read.FirstOrDefault(entity => entity.EntityId == each.EntityId) ?? each with { State = "" })] : null;
    }

    private void Control(Wish wish, IReadOnlyList<Candidate> chosen)
    {
        // "Everything" is everything that there is a tool for; the answer names it.
        if (wish.Target is { All: true, Kind: null } && chosen.Any(each => ToolFor(each.Domain) is not null))
            chosen = [.. chosen.Where(each => ToolFor(each.Domain) is not null)];

        foreach (var group in chosen.GroupBy(each => each.Domain))
        {
            var tool = ToolFor(group.Key);
            if (tool is null)
            {
                _answers.Add(_phrases.NoToolFor(string.Join(", ", group.Select(each => each.Name))));
                continue;
            }

            if (wish.BrightnessStep != 0 || wish.KelvinStep != 0)
            {
                // "Brighter" needs to know how bright it is: every light gets a value of its own.
                if (Read([.. group]) is { } read)
                {
                    // "Dim the lights" darkens those that are lit; it lights none.
                    var lit = wish.BrightnessStep < 0 && read.Any(light => light.State == "on") ? read.Where(light => light.State == "on") : read;
                    foreach (var light in lit)
                        Call(tool, Absolute(wish, light), [light]);
                }

                continue;
            }

            Call(tool, wish, [.. group]);
        }
    }

    private Tool? ToolFor(string domain) => _request.Tools
        .Select(tool => (Tool: tool, Fit: tool.FitsDomain(domain)))
        .Where(each => each.Fit > 0)
        .OrderByDescending(each => each.Fit)
        .FirstOrDefault().Tool;

    private static Wish Absolute(Wish wish, Candidate light)
    {
        var percent = light.Attributes.Number("brightness_percent") ?? light.Attributes.Number("brightness_pct")
            ?? (light.Attributes.Number("brightness") is { } brightness ? brightness * 100 / 255 : light.State == "on" ? 100 : 0);
        var kelvin = light.Attributes.Number("color_temp_kelvin") ?? light.Attributes.Number("color_temperature_kelvin") ?? 3500;
        return wish with
        {
            BrightnessPercent = wish.BrightnessStep == 0 ? wish.BrightnessPercent : (int)Math.Clamp(Math.Round(percent + wish.BrightnessStep), 1, 100),
            Kelvin = wish.KelvinStep == 0 ? wish.Kelvin : (int)Math.Clamp(kelvin + wish.KelvinStep, 2200, 6500),
            BrightnessStep = 0,
            KelvinStep = 0,
        };
    }

    private void Call(Tool tool, Wish wish, IReadOnlyList<Candidate> chosen)
    {
        if (ControlArguments.For(tool, wish) is not { } settings)
        {
            _answers.Add(_phrases.NoToolFor(string.Join(", ", chosen.Select(each => each.Name))));
            return;
        }

        foreach (var ids in Ids(tool, chosen))
        {
            foreach (var (name, value) in settings)
                ids[name] = value?.DeepClone();
            var (made, result) = _conversation.Find(tool.Name, ids);
            if (!made)
                Need(tool.Name, ids);
            else
                Report(wish, chosen, result ?? "");
        }
    }

    private void Report(Wish wish, IReadOnlyList<Candidate> chosen, string result)
    {
        var outcomes = ToolOutcome.ReadAll(result);
        if (outcomes.Count == 0)
        {
            _answers.Add(ToolOutcome.ErrorOf(result) is { } error
                ? _phrases.Failed(string.Join(", ", chosen.Select(each => each.Name)), error)
                : _phrases.Unclear(result.Length > 300 ? result[..300] : result));
            return;
        }

        string Name(ToolOutcome outcome) => outcome.Name ?? chosen.FirstOrDefault(each => each.EntityId == outcome.EntityId)?.Name ?? outcome.EntityId;
        var look = _phrases.Look(wish);
        foreach (var group in outcomes.Where(outcome => outcome.Success).GroupBy(outcome => outcome.State))
        {
            List<string> names = [.. group.Select(Name)];
            _answers.Add(look.Length > 0 && group.Key is "on" or null ? _phrases.NowSet(names, look) : _phrases.Now(names, group.Key ?? Wanted(wish)));
        }

        foreach (var failed in outcomes.Where(outcome => !outcome.Success))
            _answers.Add(_phrases.Failed(Name(failed), failed.Error ?? (failed.State is { } state ? _phrases.Is(Name(failed), state).TrimEnd('.') : "?")));
        foreach (var forgotten in chosen.Where(each => outcomes.All(outcome => outcome.EntityId != each.EntityId)))
            _answers.Add(_phrases.Failed(forgotten.Name, _conversation.German ? "keine Rückmeldung" : "no result for it"));
    }

    private static string Wanted(Wish wish) => wish.Act switch
    {
        Act.TurnOff => "off",
        Act.Open => "open",
        Act.Close => "closed",
        Act.Lock => "locked",
        Act.Unlock => "unlocked",
        _ => "on",
    };

    private static IEnumerable<JsonObject> Ids(Tool tool, IReadOnlyList<Candidate> chosen) => tool.TakesMany
        ? [new JsonObject { [tool.Ids!] = Json.Array(chosen.Select(each => each.EntityId)) }]
        : chosen.Select(each => new JsonObject { [tool.Ids!] = each.EntityId });

    private void Need(string tool, JsonObject arguments)
    {
        if (!_needed.Any(call => call.Tool == tool && JsonNode.DeepEquals(call.Arguments, arguments)))
            _needed.Add((tool, arguments));
    }

    private static bool IsIn(Candidate entity, string state) => (entity.Domain, state) switch
    {
        ("binary_sensor", "open") => entity.State is "on" or "open",
        ("binary_sensor", "closed") => entity.State is "off" or "closed",
        ("media_player" or "climate", "on") => entity.State is not ("off" or "idle" or "standby" or "unavailable" or "unknown" or ""),
        _ => entity.State == state,
    };

    private static string SpokenState(Candidate entity) =>
        (entity.Domain, entity.State, entity.Attributes.String("device_class")) switch
        {
            ("binary_sensor", "on", "door" or "window" or "opening" or "garage_door") => "open",
            ("binary_sensor", "off", "door" or "window" or "opening" or "garage_door") => "closed",
            _ when entity.Domain == "binary_sensor" && Vocabulary.Tokens(entity.Name).Any(word => word is "window" or "door") => entity.State == "on" ? "open" : "closed",
            _ => entity.State,
        };

    private string Value(Candidate entity)
    {
        var unit = entity.Attributes.String("unit_of_measurement");
        var brightness = entity.Attributes.Number("brightness_percent") ?? (entity.Attributes.Number("brightness") is { } raw ? Math.Round(raw * 100 / 255) : null);
        return unit is not null ? $"{entity.State} {unit}"
            : brightness is { } percent && entity.State == "on" ? $"{_phrases.State("on")}, {percent.ToString(CultureInfo.InvariantCulture)} %"
            : _phrases.State(SpokenState(entity));
    }

    /// <summary>The same request gets the same ids, and no two calls of a conversation share one.</summary>
    private string CallId(string tool, JsonObject arguments)
    {
        var source = $"{_request.Messages.Count}|{_conversation.Said}|{tool}|{Json.Text(arguments)}";
        return "call_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(source)).AsSpan(0, 12));
    }
}
