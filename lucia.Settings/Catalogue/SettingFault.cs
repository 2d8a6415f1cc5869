namespace Lucia.Settings;

/// <summary>Why a text is not a value of a setting. Neither sentence ever contains the text.</summary>
/// <param name="What">What is wrong, reading on from the setting's name: <c>is not a whole number.</c></param>
/// <param name="Remedy">How to mend it, a sentence of its own.</param>
public sealed record SettingFault(string What, string Remedy);
