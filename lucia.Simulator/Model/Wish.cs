namespace Lucia.Simulator.Model;

/// <summary>What a user wants done or known.</summary>
internal enum Act
{
    /// <summary>No verb of its own: it continues the wish before it.</summary>
    Continue,
    TurnOn,
    TurnOff,
    Toggle,

    /// <summary>Set brightness, warmth or colour.</summary>
    Adjust,
    Open,
    Close,
    Lock,
    Unlock,
    SetTemperature,

    /// <summary>Is it in this state?</summary>
    AskWhether,

    /// <summary>Which of them are in this state, or there at all?</summary>
    AskWhich,

    /// <summary>What does it say?</summary>
    AskValue,
    Greet,
    Thank,
    Help,
    Unknown,
}

/// <summary>What a wish is about, in the user's words.</summary>
internal sealed record Target
{
    /// <summary>Words of a name or a room, without articles and without the word of the kind.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>A domain, when the user said what kind of thing it is.</summary>
    public string? Kind { get; init; }

    /// <summary>The word that said so; it may be part of the name too (<c>floor lamp</c>).</summary>
    public string? KindWord { get; init; }

    /// <summary>The room after "in the".</summary>
    public IReadOnlyList<string> Area { get; init; } = [];

    /// <summary>"Here": the room of the speaker.</summary>
    public bool Here { get; init; }

    /// <summary>Several are meant: all of them.</summary>
    public bool All { get; init; }

    /// <summary>"It", "them".</summary>
    public bool Pronoun { get; init; }

    public bool IsEmpty => Words.Count == 0 && Kind is null && Area.Count == 0 && !All && !Here;

    /// <summary>The target in words, to name it when it cannot be found.</summary>
    public string Spoken
    {
        get
        {
            var name = string.Join(' ', Words.Append(KindWord).OfType<string>());
            var area = string.Join(' ', Area);
            return (name, area) switch
            {
                ("", "") => "that",
                ("", _) => area,
                (_, "") => name,
                _ => $"{name} ({area})",
            };
        }
    }
}

/// <summary>One thing a user wants.</summary>
internal sealed record Wish(Act Act, Target Target)
{
    public int? BrightnessPercent { get; init; }

    /// <summary>Brighter or darker, in percent.</summary>
    public int BrightnessStep { get; init; }

    public int? Kelvin { get; init; }

    /// <summary>Cooler (above zero) or warmer (below), in kelvin.</summary>
    public int KelvinStep { get; init; }

    public string? Color { get; init; }

    public double? Degrees { get; init; }

    /// <summary>The state asked about: <c>on</c>, <c>off</c>, <c>open</c>, <c>closed</c>, <c>locked</c>, <c>unlocked</c>.</summary>
    public string? State { get; init; }

    /// <summary>Entity ids from earlier tool calls that "it" stands for.</summary>
    public IReadOnlyList<string> KnownIds { get; init; } = [];

    public bool IsQuestion => Act is Act.AskWhether or Act.AskWhich or Act.AskValue;

    public bool IsControl => Act is >= Act.TurnOn and <= Act.SetTemperature;

    public bool IsSmallTalk => Act is Act.Greet or Act.Thank or Act.Help or Act.Unknown;

    public bool SetsLook => BrightnessPercent is not null || BrightnessStep != 0 || Kelvin is not null || KelvinStep != 0 || Color is not null;
}
