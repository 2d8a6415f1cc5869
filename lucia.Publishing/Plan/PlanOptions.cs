namespace Lucia.Publishing.Plan;

/// <summary>What the caller decides about a plan.</summary>
/// <param name="Name">The application's name when the profile has none.</param>
/// <param name="SkipUnsupported">Leave unsupported resources out, and ask for the values that came from them.</param>
/// <param name="NameIsGuessed">Nobody gave the name, so it is told.</param>
public sealed record PlanOptions(string Name = "aspire-app", bool SkipUnsupported = false, bool NameIsGuessed = false);
