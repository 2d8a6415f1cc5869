namespace Lucia.Settings;

/// <summary>
/// One setting of Lucia: how it is spelled, what it may hold and what it is for. Everything that shows settings (reference, examples, chart schema,
/// deployment parameters) and everything that reads them is derived from these records.
/// </summary>
public abstract record Setting
{
    /// <summary>The name, as an environment variable or file name: <c>HomeAssistant__BaseUrl</c>. Compared without regard to case.</summary>
    public required string Key { get; init; }

    /// <summary>One or two plain sentences for whoever runs the house.</summary>
    public required string Description { get; init; }

    /// <summary>The heading it stands under in documentation.</summary>
    public required SettingGroup Group { get; init; }

    /// <summary>The Aspire parameter or connection string resource that carries it: <c>home-assistant-base-url</c>.</summary>
    public required string ParameterName { get; init; }

    /// <summary>The name where shells and systemd read it, which reject a hyphen in a name: <c>ConnectionStrings__chat_model</c>.</summary>
    public string ShellName => Key.Replace('-', '_');

    /// <summary>Deprecated names: still read, with a warning.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>The value when unset, as one would write it; <see langword="null"/> when there is none.</summary>
    public string? Default { get; init; }

    /// <summary>Whether the service starts without it.</summary>
    public Requirement Requirement { get; init; } = Requirement.Optional;

    /// <summary>The key of the setting this one is needed with; set with <see cref="Requirement.WithAnother"/> only.</summary>
    public string? NeededWith { get; init; }

    /// <summary>Whether the value may be a secret. <see cref="IsSecretValue"/> decides for a given value.</summary>
    public bool Secret { get; init; }

    /// <summary>The closed set of values, as written; empty when the set is open.</summary>
    public IReadOnlyList<string> AllowedValues { get; init; } = [];

    /// <summary>Values that can be copied as they are. Access keys are not in them: they have settings of their own.</summary>
    public IReadOnlyList<SettingExample> Examples { get; init; } = [];

    /// <summary>Who reads it.</summary>
    public SettingScope Scope { get; init; } = SettingScope.Service;

    /// <summary>What kind of value it takes, in words: <c>whole number, 1 to 300</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>The key as .NET configuration spells it: <c>HomeAssistant:BaseUrl</c>.</summary>
    public string ConfigurationKey => SettingKey.ToConfiguration(Key);

    /// <summary>Every name the setting is read from: the key, its shell name, deprecated names and the parts that compose it.</summary>
    public IReadOnlyList<string> Spellings => [.. new[] { Key, ShellName }.Concat(Aliases).Concat(PartKeys).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>Names of other settings that together say the same as this one; deprecated.</summary>
    protected virtual IReadOnlyList<string> PartKeys => [];

    /// <summary>Whether a name, in environment (<c>__</c>) or configuration (<c>:</c>) spelling, is one of <see cref="Spellings"/>.</summary>
    public bool IsSpelledAs(string name) => Spellings.Any(spelling => SettingKey.AreSame(spelling, name));

    /// <summary>What is wrong with a value; <see langword="null"/> when it is good. The answer never contains the value.</summary>
    public abstract SettingFault? Check(string text);

    /// <summary>Whether this value must be kept as a secret: a Redis address without a password need not.</summary>
    public virtual bool IsSecretValue(string text) => Secret;

    /// <summary>Whether two texts mean the same value.</summary>
    internal abstract bool AreSame(string left, string right);
}

/// <summary>A setting whose value is a <typeparamref name="T"/>.</summary>
public abstract record Setting<T> : Setting
    where T : notnull
{
    /// <summary>Reads a value.</summary>
    /// <param name="text">The text as it was written. Blank is not a value: callers treat it as unset.</param>
    /// <param name="value">The value, when the answer is <see langword="true"/>.</param>
    /// <param name="fault">What is wrong and how to mend it, never containing the text, when the answer is <see langword="false"/>.</param>
    public bool TryParse(string text, [NotNullWhen(true)] out T? value, [NotNullWhen(false)] out SettingFault? fault)
    {
        text = text.Trim();
        value = default;
        fault = Blanks.Check(text) ?? Placeholder.Check(text);
        return fault is null && TryParseText(text, out value, out fault);
    }

    /// <inheritdoc/>
    public sealed override SettingFault? Check(string text) => TryParse(text, out _, out var fault) ? null : fault;

    /// <summary>Reads a trimmed text that is neither blank nor a placeholder.</summary>
    protected abstract bool TryParseText(string text, [NotNullWhen(true)] out T? value, [NotNullWhen(false)] out SettingFault? fault);

    internal override bool AreSame(string left, string right) =>
        string.Equals(left.Trim(), right.Trim(), StringComparison.Ordinal)
        || (TryParse(left, out var first, out _) && TryParse(right, out var second, out _) && EqualityComparer<T>.Default.Equals(first, second));
}
