namespace Lucia.Settings;

/// <summary>A value to copy.</summary>
/// <param name="Name">What it is an example of: <c>Azure OpenAI</c>.</param>
/// <param name="Value">The value, valid as it stands.</param>
/// <param name="Note">What to know before using it; <see langword="null"/> when nothing.</param>
/// <param name="NeedsAccessKey">Whether the value works only with an access key, set apart from it.</param>
public sealed record SettingExample(string Name, string Value, string? Note = null, bool NeedsAccessKey = false);
