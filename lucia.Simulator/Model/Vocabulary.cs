using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Lucia.Simulator.Model;

/// <summary>The English and the modest German that the simulated model knows. It knows a language, never a house.</summary>
internal static class Vocabulary
{
    public static readonly FrozenSet<string> Filler = Set("""
        the a an my our your please could can you would will i want like to need me us just now again also too as well for hey hi ok okay lucia of at with room's
        der die das den dem des ein eine einen einem einer mein meine meinen bitte kannst könntest du mal doch wieder auch noch mir uns jetzt möchte will ich von vom am zur zum
        brightness helligkeit color colour farbe temperature's percent prozent be sein wird werden level there da dort so auf to by for bit little bisschen about lucia
        """);

    public static readonly FrozenSet<string> Pronouns = Set("it them that those this these one ones es sie ihn diese dieses dieser");
    public static readonly FrozenSet<string> Everything = Set("all every everything each both any alle alles allen beide sämtliche jede jedes irgendwelche everywhere überall anything something irgendetwas irgendwas etwas");
    public static readonly FrozenSet<string> WholeHouse = Set("house home haus hause wohnung apartment flat");
    public static readonly FrozenSet<string> Inside = Set("in im inside ins within");
    public static readonly FrozenSet<string> Here = Set("here hier");

    /// <summary>A word that says the kind of thing, its domain, and whether it means several.</summary>
    public static readonly FrozenDictionary<string, (string Domain, bool Many)> Kinds = new Dictionary<string, (string, bool)>
    {
        ["light"] = ("light", false),
        ["lights"] = ("light", true),
        ["lighting"] = ("light", true),
        ["lamp"] = ("light", false),
        ["lamps"] = ("light", true),
        ["bulb"] = ("light", false),
        ["bulbs"] = ("light", true),
        ["licht"] = ("light", false),
        ["lichter"] = ("light", true),
        ["lichtern"] = ("light", true),
        ["lampe"] = ("light", false),
        ["lampen"] = ("light", true),
        ["leuchte"] = ("light", false),
        ["leuchten"] = ("light", true),
        ["beleuchtung"] = ("light", true),
        ["switch"] = ("switch", false),
        ["switches"] = ("switch", true),
        ["plug"] = ("switch", false),
        ["plugs"] = ("switch", true),
        ["outlet"] = ("switch", false),
        ["schalter"] = ("switch", false),
        ["steckdose"] = ("switch", false),
        ["steckdosen"] = ("switch", true),
        ["fan"] = ("fan", false),
        ["fans"] = ("fan", true),
        ["ventilator"] = ("fan", false),
        ["lüfter"] = ("fan", false),
        ["blind"] = ("cover", false),
        ["blinds"] = ("cover", true),
        ["curtain"] = ("cover", false),
        ["curtains"] = ("cover", true),
        ["shutters"] = ("cover", true),
        ["cover"] = ("cover", false),
        ["covers"] = ("cover", true),
        ["rollladen"] = ("cover", true),
        ["rollläden"] = ("cover", true),
        ["jalousie"] = ("cover", true),
        ["vorhang"] = ("cover", false),
        ["lock"] = ("lock", false),
        ["locks"] = ("lock", true),
        ["schloss"] = ("lock", false),
        ["thermostat"] = ("climate", false),
        ["heating"] = ("climate", false),
        ["heizung"] = ("climate", false),
        ["scene"] = ("scene", false),
        ["szene"] = ("scene", false),
        ["script"] = ("script", false),
        ["window"] = ("binary_sensor", false),
        ["windows"] = ("binary_sensor", true),
        ["fenster"] = ("binary_sensor", false),
        ["speaker"] = ("media_player", false),
        ["speakers"] = ("media_player", true),
        ["lautsprecher"] = ("media_player", false),
    }.ToFrozenDictionary();

    public static readonly FrozenDictionary<string, string> Colors = new Dictionary<string, string>
    {
        ["red"] = "red",
        ["green"] = "green",
        ["blue"] = "blue",
        ["yellow"] = "yellow",
        ["orange"] = "orange",
        ["purple"] = "purple",
        ["violet"] = "violet",
        ["pink"] = "pink",
        ["magenta"] = "magenta",
        ["cyan"] = "cyan",
        ["turquoise"] = "turquoise",
        ["teal"] = "teal",
        ["gold"] = "gold",
        ["rot"] = "red",
        ["grün"] = "green",
        ["blau"] = "blue",
        ["gelb"] = "yellow",
        ["lila"] = "purple",
        ["violett"] = "violet",
        ["rosa"] = "pink",
        ["türkis"] = "turquoise",
    }.ToFrozenDictionary();

    public static readonly FrozenDictionary<string, string> States = new Dictionary<string, string>
    {
        ["on"] = "on",
        ["an"] = "on",
        ["ein"] = "on",
        ["eingeschaltet"] = "on",
        ["running"] = "on",
        ["lit"] = "on",
        ["off"] = "off",
        ["aus"] = "off",
        ["ausgeschaltet"] = "off",
        ["open"] = "open",
        ["offen"] = "open",
        ["auf"] = "open",
        ["geöffnet"] = "open",
        ["closed"] = "closed",
        ["shut"] = "closed",
        ["zu"] = "closed",
        ["geschlossen"] = "closed",
        ["locked"] = "locked",
        ["abgeschlossen"] = "locked",
        ["verriegelt"] = "locked",
        ["unlocked"] = "unlocked",
        ["aufgeschlossen"] = "unlocked",
    }.ToFrozenDictionary();

    /// <summary>Words that mean the same in the two languages or in one; used to recognise a name and to search once more.</summary>
    private static readonly FrozenDictionary<string, string> Same = new Dictionary<string, string>
    {
        ["küche"] = "kitchen",
        ["wohnzimmer"] = "living room",
        ["schlafzimmer"] = "bedroom",
        ["esszimmer"] = "dining room",
        ["flur"] = "hallway",
        ["diele"] = "hallway",
        ["bad"] = "bathroom",
        ["badezimmer"] = "bathroom",
        ["büro"] = "office",
        ["arbeitszimmer"] = "office",
        ["kinderzimmer"] = "kids room",
        ["gästezimmer"] = "guest room",
        ["keller"] = "basement",
        ["garten"] = "garden",
        ["decke"] = "ceiling",
        ["deckenlicht"] = "ceiling",
        ["deckenlampe"] = "ceiling",
        ["stehlampe"] = "floor lamp",
        ["nachtlicht"] = "night light",
        ["schreibtischlampe"] = "desk lamp",
        ["spiegel"] = "mirror",
        ["kaffeemaschine"] = "coffee machine",
        ["waschmaschine"] = "washing machine",
        ["fernseher"] = "television",
        ["weihnachtsbaum"] = "christmas tree",
        ["haustür"] = "front door",
        ["garagentor"] = "garage door",
        ["tür"] = "door",
        ["esstisch"] = "dining table",
        ["temperatur"] = "temperature",
        ["luftfeuchtigkeit"] = "humidity",
        ["feuchtigkeit"] = "humidity",
        ["draußen"] = "outdoor",
        ["outside"] = "outdoor",
        ["aussen"] = "outdoor",
        ["outdoors"] = "outdoor",
        ["tv"] = "television",
        ["telly"] = "television",
        ["lounge"] = "living room",
        ["hall"] = "hallway",
        ["fenster"] = "window",
        ["ventilator"] = "fan",
        ["licht"] = "light",
        ["lampe"] = "lamp",
        ["windows"] = "window",
        ["doors"] = "door",
        ["gerät"] = "device",
        ["heizung"] = "heating",
        ["rollladen"] = "blinds",
    }.ToFrozenDictionary();

    private static readonly FrozenSet<string> German = Set("""
        schalte schalt schalten mach mache machen dreh drehe stell stelle setze dimme dimm ist sind welche welches wie warm bitte und das die der den dem im licht lichter lampe
        lampen küche wohnzimmer schlafzimmer alle aus ein an auf hallo danke hilfe nicht wieder es auch was kannst du öffne schließe heller dunkler guten morgen flur bad mir
        """);

    private static readonly FrozenSet<string> English = Set("""
        turn switch the on off light lights lamp make set is are which what it please and in all dim how hello thanks help my to too kitchen bedroom can you open close lock
        """);

    /// <summary>Words in lower case, without punctuation; numbers and signs that mean something stay.</summary>
    public static IReadOnlyList<string> Tokens(string text)
    {
        var tokens = new List<string>();
        var word = new StringBuilder();
        foreach (var letter in text.Replace('’', '\'').ToLower(CultureInfo.InvariantCulture))
        {
            if (char.IsLetterOrDigit(letter) || letter is '\'' or '°' || (letter is '.' or ',' && word.Length > 0 && char.IsDigit(word[^1])))
            {
                // A number and its unit are two words: "40k", "21°".
                if (word.Length > 0 && char.IsDigit(word[^1]) && (char.IsLetter(letter) || letter == '°'))
                    Finish();
                word.Append(letter);
                continue;
            }

            Finish();
            if (letter == '%')
                tokens.Add("percent");
        }

        Finish();
        return tokens;

        void Finish()
        {
            var finished = word.ToString().TrimEnd('.', ',', '\'').TrimStart('\'');
            word.Clear();
            if (finished.EndsWith("'s", StringComparison.Ordinal))
            {
                tokens.Add(finished[..^2]);
                if (finished[..^2] is "what" or "it" or "that" or "how")
                    tokens.Add("is");
            }
            else if (finished.Length > 0)
            {
                tokens.Add(finished);
            }
        }
    }

    public static bool IsGerman(IReadOnlyList<string> tokens) => tokens.Count(German.Contains) > tokens.Count(English.Contains);

    /// <summary>The same word in the other language, or another word for it; several words in one string.</summary>
    public static string Translate(string word) =>
        Same.TryGetValue(word, out var same) ? same : word.Length > 4 && word[^1] == 'n' && Same.TryGetValue(word[..^1], out same) ? same : word;

    /// <summary>Splits German compounds that end in a kind: <c>küchenlicht</c> into <c>küche licht</c>.</summary>
    public static IEnumerable<string> Split(string word)
    {
        foreach (var ending in (string[])["lichter", "licht", "lampen", "lampe", "beleuchtung", "fenster", "temperatur", "heizung"])
        {
            if (word.Length <= ending.Length + 2 || !word.EndsWith(ending, StringComparison.Ordinal) || Same.ContainsKey(word))
                continue;
            var first = word[..^ending.Length];
            if (Same.ContainsKey(first))
                return [first, ending];
            if (Same.ContainsKey(first[..^1]))
                return [first[..^1], ending];
        }

        return [word];
    }

    /// <summary>Takes off what does not tell one thing from another: case, accents, a plural's s.</summary>
    public static string Stem(string word)
    {
        var bare = string.Concat(word.ToLowerInvariant().Normalize(NormalizationForm.FormD)
            .Where(letter => CharUnicodeInfo.GetUnicodeCategory(letter) != UnicodeCategory.NonSpacingMark));
        return bare.Length > 3 && bare[^1] == 's' && bare[^2] != 's' ? bare[..^1] : bare;
    }

    private static FrozenSet<string> Set(string words) => words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet();
}
