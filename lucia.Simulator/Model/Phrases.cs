using System.Globalization;

namespace Lucia.Simulator.Model;

/// <summary>What the simulated model says, in English or German.</summary>
internal sealed class Phrases(bool german)
{
    public string Greeting => german
        ? "Hallo! Ich bin das simulierte Modell. Sag mir zum Beispiel: „Schalte das Licht in der Küche ein“."
        : "Hello! I am the simulated model. Try, for example: “Turn on the kitchen light”.";

    public string Welcome => german ? "Gern geschehen." : "You are welcome.";

    public string Help => german
        ? "Ich bin ein simuliertes Modell: Ich verstehe einfache Sätze zu Lichtern und Schaltern, etwa „Dimme die Stehlampe auf 40 Prozent“, „Welche Lichter sind an?“ oder „Wie warm ist es im Schlafzimmer?“. Für freie Gespräche braucht es ein echtes Modell."
        : "I am a simulated model: I understand simple sentences about the home, such as “dim the floor lamp to 40 percent”, “which lights are on?” or “what is the temperature in the bedroom?”. For free conversation configure a real model.";

    public string NotUnderstood => german
        ? "Das habe ich nicht verstanden, und ich habe nichts getan. Ich bin nur ein simuliertes Modell; frag „Hilfe“, was ich kann."
        : "I did not understand that, and I did nothing. I am only a simulated model; say “help” to hear what I can do.";

    public string NoTools => german
        ? "Ich habe in dieser Unterhaltung keine Werkzeuge, also habe ich nichts getan."
        : "I have no tools in this conversation, so I did nothing.";

    public string ClaimedDone => german ? "Erledigt!" : "Done!";

    public string WhichRoom => german ? "In welchem Raum bist du?" : "Which room are you in?";

    public string WhichThing => german ? "Welches Gerät meinst du?" : "Which device do you mean?";

    public string ThereMayBeMore => german ? "Vielleicht gibt es mehr, als ich sehen konnte." : "There may be more than I could see.";

    public string GaveUp => german ? "Ich komme hier nicht weiter und höre auf." : "I am getting nowhere with this and stop here.";

    public string NotFound(string what) => german ? $"Ich konnte „{what}“ nicht finden und habe nichts getan." : $"I could not find “{what}”, so I did nothing.";

    public string NoToolFor(string what) => german ? $"Ich habe kein Werkzeug dafür ({what}) und habe nichts getan." : $"I have no tool for that ({what}), so I did nothing.";

    public string WhichOf(IReadOnlyList<string> names)
    {
        const int most = 6;
        var shown = names.Take(most).ToList();
        var more = names.Count > most ? german ? $" (und {names.Count - most} weitere)" : $" (and {names.Count - most} more)" : "";
        return german ? $"Welches meinst du: {List(shown, "oder")}{more}?" : $"Which one do you mean: {List(shown, "or")}{more}?";
    }

    public string Now(IReadOnlyList<string> names, string state) => names.Count == 1
        ? german ? $"{names[0]} ist jetzt {State(state)}." : $"{names[0]} is now {State(state)}."
        : german ? $"{List(names, "und")} sind jetzt {State(state)}." : $"{List(names, "and")} are now {State(state)}.";

    public string NowSet(IReadOnlyList<string> names, string look) => names.Count == 1
        ? german ? $"{names[0]} ist jetzt an ({look})." : $"{names[0]} is now on ({look})."
        : german ? $"{List(names, "und")} sind jetzt an ({look})." : $"{List(names, "and")} are now on ({look}).";

    public string Failed(string name, string error) => german ? $"{name}: das hat nicht geklappt ({error})." : $"{name}: that did not work ({error}).";

    public string Unclear(string answer) => german ? $"Ich weiß nicht, ob es geklappt hat. Das Werkzeug sagt: {answer}" : $"I cannot tell whether that worked. The tool says: {answer}";

    public string Is(string name, string state) => german ? $"{name} ist {State(state)}." : $"{name} is {State(state)}.";

    public string Whether(bool yes, string name, string state) => (yes ? german ? "Ja, " : "Yes, " : german ? "Nein, " : "No, ") + Is(name, state);

    public string Says(string name, string value) => german ? $"{name}: {value}." : $"{name} is {value}.";

    public string Those(string? state, IReadOnlyList<string> names, bool incomplete)
    {
        var rest = incomplete ? " " + ThereMayBeMore : "";
        if (names.Count == 0)
            return (state is null ? german ? "Ich habe nichts gefunden." : "I found none." : german ? $"Nichts davon ist {State(state)}." : $"None of them is {State(state)}.") + rest;
        return (state is null
            ? german ? $"Es gibt {List(names, "und")}." : $"There is {List(names, "and")}."
            : names.Count == 1 ? Is(names[0], state)
            : german ? $"{List(names, "und")} sind {State(state)}." : $"{List(names, "and")} are {State(state)}.") + rest;
    }

    public string Look(Wish wish) => string.Join(", ", new[]
    {
        wish.BrightnessPercent is { } percent ? percent.ToString(CultureInfo.InvariantCulture) + " %" : null,
        wish.Kelvin is { } kelvin ? kelvin.ToString(CultureInfo.InvariantCulture) + " K" : null,
        wish.Color,
    }.OfType<string>());

    public string State(string state) => german
        ? state switch
        {
            "on" => "an",
            "off" => "aus",
            "open" => "offen",
            "closed" => "geschlossen",
            "locked" => "verriegelt",
            "unlocked" => "entriegelt",
            "unavailable" => "nicht erreichbar",
            _ => state,
        }
        : state;

    private static string List(IReadOnlyList<string> names, string joint) =>
        names.Count < 2 ? string.Concat(names) : string.Join(", ", names.Take(names.Count - 1)) + $" {joint} " + names[^1];
}
