using Lucia.Publishing.Manifest;

namespace Lucia.Publishing.Profile;

/// <summary>What a person must know to fill in a setting.</summary>
public sealed record SettingProfile
{
    /// <summary>What it means, in one or two sentences.</summary>
    public string? Description { get; init; }

    /// <summary>The heading it stands under.</summary>
    public string? Section { get; init; }

    /// <summary>Whether it must be set; a parameter is required unless this says no or it has a default, another setting is optional.</summary>
    public bool? Required { get; init; }

    /// <summary>What counts when it is not set; not for a secret.</summary>
    public string? Default { get; init; }

    /// <summary>The allowed values, or one text that describes them.</summary>
    public IReadOnlyList<string> Allowed { get; init; } = [];

    /// <summary>A value as an example.</summary>
    public string? Example { get; init; }

    /// <summary>Whether it is secret. A parameter of the manifest says so itself; what is generated always is.</summary>
    public bool Secret { get; init; }

    /// <summary>Its name in <c>.env</c> and environment files; made from the name when null.</summary>
    public string? Variable { get; init; }

    /// <summary>How a value is generated when none is brought; in place of the manifest's recipe.</summary>
    public GenerateRecipe? Generate { get; init; }
}
