using System.Globalization;

namespace Lucia.Simulator.Model;

/// <summary>One clause on its way from words to a wish; whatever is understood is taken out, the rest names the target.</summary>
internal sealed class Clause(List<string> words, bool asked)
{
    private static readonly HashSet<string> TurnVerbs = ["turn", "switch", "put", "power", "set", "make", "change", "adjust", "get", "have", "leave", "schalte", "schalt", "schalten", "mach",
        "mache", "machen", "dreh", "drehe", "stell", "stelle", "stellen", "setz", "setze"];

    private static readonly HashSet<string> AdjustVerbs = ["dim", "brighten", "lighten", "set", "make", "change", "adjust", "color", "colour", "dimme", "dimm", "dimmen", "stell", "stelle",
        "stellen", "setz", "setze", "färbe", "mach", "mache"];

    private Wish _wish = new(Act.Continue, new Target());

    public static Wish Read(IReadOnlyList<string> clause, bool asked) => new Clause([.. clause], asked).Read();

    private Wish Read()
    {
        if (SmallTalk() is { } act)
            return new Wish(act, new Target());
        Numbers();
        if (!Question())
        {
            Look();
            Verb();
        }

        _wish = _wish with { Target = Target() };
        return _wish.Act == Act.Continue && _wish.Target is { IsEmpty: true, Pronoun: false } && !_wish.SetsLook ? _wish with { Act = Act.Unknown } : _wish;
    }

    private Act? SmallTalk()
    {
        var said = string.Join(' ', words);
        return said switch
        {
            "hello" or "hi" or "hey" or "hallo" or "hello there" or "guten morgen" or "guten tag" or "guten abend" or "good morning" or "good evening" or "hello lucia" or "hi lucia" => Act.Greet,
            "thanks" or "thank you" or "danke" or "danke schön" or "thanks a lot" or "vielen dank" => Act.Thank,
            "help" or "hilfe" => Act.Help,
            _ when said.Contains("what can you do", StringComparison.Ordinal) || said.Contains("was kannst du", StringComparison.Ordinal)
                || said.Contains("who are you", StringComparison.Ordinal) || said.Contains("wer bist du", StringComparison.Ordinal) => Act.Help,
            _ when words[0] is "write" or "sing" or "explain" or "erzähl" or "erzähle" or "schreib" or "why" or "who" or "when" or "warum" or "wer" or "wann" or "joke" => Act.Unknown,
            _ when words[0] == "tell" && !words.Any(word => word is "temperature" or "humidity" or "warm" or "cold" or "hot" or "state" or "status") => Act.Unknown,
            _ => null,
        };
    }

    private void Numbers()
    {
        for (var i = 0; i < words.Count; i++)
        {
            if (!double.TryParse(words[i].Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
                continue;
            var unit = i + 1 < words.Count ? words[i + 1] : "";
            if (unit is "percent" or "prozent" or "pct")
                _wish = _wish with { BrightnessPercent = (int)Math.Clamp(number, 0, 100) };
            else if (unit is "k" or "kelvin" or "°k")
                _wish = _wish with { Kelvin = (int)Math.Clamp(number, 1000, 10000) };
            else if (unit is "degrees" or "degree" or "grad" or "°" or "°c" or "celsius")
                _wish = _wish with { Degrees = number };
            else if (i > 0 && words[i - 1] is "to" or "auf")
                _wish = words.Any(word => Vocabulary.Kinds.GetValueOrDefault(word).Domain == "climate") ? _wish with { Degrees = number } : number <= 100
                    ? _wish with { BrightnessPercent = (int)number } : _wish with { Kelvin = (int)number };
            else
                continue;
            var unitCount = unit is "percent" or "prozent" or "pct" or "k" or "kelvin" or "°k" or "degrees" or "degree" or "grad" or "°" or "°c" or "celsius" ? 1 : 0;
            words.RemoveRange(i, 1 + unitCount);
            if (unitCount == 1 && i < words.Count && words[i] is "celsius" or "c")
                words.RemoveAt(i);
            if (i > 0 && words[i - 1] is "to" or "auf")
                words.RemoveAt(i - 1);
            i = -1;
        }
    }

    private bool Question()
    {
        if (words.Count == 0)
            return false;
        if (words.Count > 1 && words[0] is "what" or "how" && words[1] == "about")
        {
            words.RemoveRange(0, 2);
            return false;
        }

        var first = words[0];
        if ((asked || first is "what" or "how" or "wie" or "is" or "ist" or "tell" or "temperature" or "humidity") && first is not ("can" or "could" or "would" or "kannst"))
        {
            if (TakeAny("temperature", "temperatur", "warm", "hot", "cold", "kalt", "heiß") is { } heat)
                return Ask("temperature", heat);
            if (TakeAny("humidity", "humid", "feucht", "luftfeuchtigkeit") is { } damp)
                return Ask("humidity", damp);
        }

        var state = words.Skip(1).LastOrDefault(word => Vocabulary.States.ContainsKey(word) && !(word is "on" && words.IndexOf(word) + 1 < words.Count && words[words.IndexOf(word) + 1] == "the"));
        switch (first)
        {
            case "which" or "welche" or "welches" or "welcher" or "list" or "show":
            case "what" or "was" when words.Count > 1 && (Vocabulary.Kinds.ContainsKey(words[1]) || state is not null || words[1] is "devices" or "else"):
            case "are" or "sind" or "is" or "ist" when words.Count > 1 && words[1] is "any" or "anything" or "something" or "irgendwelche" or "irgendwas" or "there" or "noch" or "irgendein":
                _wish = _wish with { Act = Act.AskWhich, State = TakeState(state) };
                Drop("which", "welche", "welches", "welcher", "what", "was", "list", "show", "is", "are", "ist", "sind", "there", "noch", "any", "devices", "geräte", "do", "have", "gibt", "else", "currently", "left");
                return true;
            case "is" or "are" or "ist" or "sind" or "was" or "were" or "did":
                _wish = _wish with { Act = Act.AskWhether, State = TakeState(state) };
                Drop("is", "are", "ist", "sind", "was", "were", "did", "turn", "switch", "still", "noch", "currently", "gerade");
                if (_wish.State is null)
                    _wish = _wish with { Act = Act.AskValue };
                return true;
            case "what" or "how" or "wie" or "was" or "tell":
                Drop("what", "how", "wie", "is", "ist", "are", "status", "state", "zustand", "about", "bright", "hell", "tell", "does", "say", "was", "much");
                if (words.Count == 0)
                    return false;
                _wish = _wish with { Act = Act.AskValue };
                return true;
            default:
                return false;
        }
    }

    private bool Ask(string quantity, string heard)
    {
        Drop(heard, "what", "how", "is", "it", "wie", "ist", "es", "tell", "me", "are");
        words.Insert(0, quantity);
        _wish = _wish with { Act = Act.AskValue };
        return true;
    }

    private string? TakeState(string? word)
    {
        if (word is null)
            return null;
        words.RemoveAt(words.LastIndexOf(word));
        return Vocabulary.States[word];
    }

    /// <summary>Brightness, warmth and colour; a colour that is part of a name ("the blue lamp") is left there.</summary>
    private void Look()
    {
        if (TakeAny("brighter", "heller", "brighten") is not null)
            _wish = _wish with { BrightnessStep = _wish.BrightnessPercent is null ? 25 : 0, Act = Act.Adjust };
        if (TakeAny("darker", "dimmer", "dunkler") is not null)
            _wish = _wish with { BrightnessStep = -25, Act = Act.Adjust };
        if (TakeAny("half", "halb", "hälfte") is not null)
            _wish = _wish with { BrightnessPercent = 50 };
        if (TakeAny("full", "maximum", "max", "voll", "volle") is not null)
            _wish = _wish with { BrightnessPercent = 100 };
        if (TakeAny("minimum", "min") is not null)
            _wish = _wish with { BrightnessPercent = 1 };

        var light = !words.Any(word => Vocabulary.Kinds.GetValueOrDefault(word).Domain == "climate");
        if (light && TakeAny("warmer", "wärmer") is not null)
            _wish = _wish with { KelvinStep = -800, Act = Act.Adjust };
        if (light && TakeAny("cooler", "colder", "kälter", "kühler") is not null)
            _wish = _wish with { KelvinStep = 800, Act = Act.Adjust };
        var white = TakeAny("white", "weiß", "weiss");
        if (TakeAny("warmweiß", "warmweiss") is not null || (white is not null && TakeAny("warm", "warmes") is not null))
            _wish = _wish with { Kelvin = 2700 };
        else if (TakeAny("kaltweiß", "kaltweiss") is not null || (white is not null && TakeAny("cool", "cold", "kalt", "kaltes") is not null))
            _wish = _wish with { Kelvin = 6000 };
        else if (TakeAny("daylight", "tageslicht") is not null)
            _wish = _wish with { Kelvin = 5500 };
        else if (white is not null && _wish.KelvinStep == 0)
            _wish = _wish with { Kelvin = 4000 };

        for (var i = 0; i < words.Count; i++)
        {
            if (Vocabulary.Colors.TryGetValue(words[i], out var color) && (i == words.Count - 1 || (i > 0 && words[i - 1] is "to" or "auf") || words[i + 1] is "an" or "ein"))
            {
                _wish = _wish with { Color = color };
                words.RemoveAt(i);
                break;
            }
        }
    }

    private void Verb()
    {
        if (_wish.Degrees is not null)
            _wish = _wish with { Act = Act.SetTemperature };
        else if (TakeAny("toggle", "umschalten", "flip") is not null)
            _wish = _wish with { Act = Act.Toggle };
        else if (TakeAny("unlock", "entriegle", "entsperre", "aufschließen") is not null)
            _wish = _wish with { Act = Act.Unlock };
        else if (TakeAny("lock", "verriegle", "abschließen", "sperre") is not null)
            _wish = _wish with { Act = Act.Lock };
        else if (TakeAny("open", "öffne", "öffnen", "aufmachen", "raise") is not null)
            _wish = _wish with { Act = Act.Open };
        else if (TakeAny("close", "shut", "schließe", "schliesse", "zumachen", "schließen", "lower") is not null)
            _wish = _wish with { Act = Act.Close };
        else if (TakeAny("off", "aus", "ausschalten", "ausmachen", "deactivate", "deaktiviere") is not null)
            _wish = _wish with { Act = Act.TurnOff };
        else if (TakeOn())
            _wish = _wish with { Act = Act.TurnOn };
        else if (_wish.Act == Act.Continue && _wish.SetsLook && words.Any(word => AdjustVerbs.Contains(word) || TurnVerbs.Contains(word)))
            _wish = _wish with { Act = Act.Adjust };
        else if (!_wish.SetsLook && TakeAny("dim", "dimme", "dimm", "dimmen") is not null)
            _wish = _wish with { Act = Act.Adjust, BrightnessStep = -25 };
        else if (TakeAny("activate", "start", "run", "aktiviere", "starte") is not null)
            _wish = _wish with { Act = Act.TurnOn };
        Drop([.. TurnVerbs, .. AdjustVerbs]);
    }

    /// <summary>"on" is a verb's particle unless a place follows it and the verb is already known.</summary>
    private bool TakeOn()
    {
        if (TakeAny("einschalten", "anschalten", "anmachen", "on") is not null)
            return true;
        if (words.Count > 0 && words[^1] is "an" or "ein")
        {
            words.RemoveAt(words.Count - 1);
            return true;
        }

        return false;
    }

    private Target Target()
    {
        var target = new Target();
        if (TakeAny([.. Vocabulary.Here]) is not null)
            target = target with { Here = true };

        var rest = new List<string>();
        var area = new List<string>();
        var inArea = false;
        foreach (var word in words)
        {
            if (Vocabulary.Inside.Contains(word) || (word == "on" && rest.Count > 0))
            {
                inArea = true;
            }
            else if (Vocabulary.Everything.Contains(word))
            {
                target = target with { All = true };
            }
            else if (Vocabulary.Pronouns.Contains(word))
            {
                target = target with { Pronoun = true };
            }
            else if (inArea && Vocabulary.WholeHouse.Contains(word))
            {
                target = target with { All = true };
            }
            else if (Vocabulary.Kinds.TryGetValue(word, out var kind) && target.Kind is null)
            {
                target = target with { Kind = kind.Domain, KindWord = word, All = target.All || kind.Many };
            }
            else if (!Vocabulary.Filler.Contains(word) && word is not ("on" or "is" or "are" or "do" or "did"))
            {
                (inArea ? area : rest).Add(word);
            }
        }

        return target with { Words = rest, Area = area };
    }

    private string? TakeAny(params ReadOnlySpan<string> any)
    {
        foreach (var word in any)
        {
            if (words.Remove(word))
                return word;
        }

        return null;
    }

    private void Drop(params IReadOnlyCollection<string> those) => words.RemoveAll(word => those.Contains(word));
}
