namespace Lucia.Settings.Tests;

/// <summary>Shorthand for sources in tests.</summary>
internal static class Sources
{
    public static readonly string[] Loopback = ["http://localhost:5000"];

    public const string Ollama = "Endpoint=http://nas:11434;Model=qwen3:8b;Provider=ollama";

    public static SettingSource Environment(params (string Key, string? Value)[] entries) => Of("the environment", SettingBand.Environment, entries);

    public static SettingSource Files(params (string Key, string? Value)[] entries) => Of("/run/secrets", SettingBand.Environment, entries);

    public static SettingSource CommandLine(params (string Key, string? Value)[] entries) => Of("the command line", SettingBand.CommandLine, entries);

    public static SettingSource AppSettings(params (string Key, string? Value)[] entries) => Of("appsettings.json", SettingBand.ApplicationFiles, entries);

    public static SettingsResult Read(params SettingSource[] sources) => SettingsReader.Read(sources, Loopback);

    private static SettingSource Of(string name, SettingBand band, (string Key, string? Value)[] entries) =>
        new(name, band, entries.Select(entry => KeyValuePair.Create(entry.Key, entry.Value)));
}
