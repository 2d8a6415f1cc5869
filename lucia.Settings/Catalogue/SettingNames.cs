namespace Lucia.Settings;

/// <summary>Every name that is read, in configuration spelling, so that an environment of many variables is gone through quickly.</summary>
internal static class SettingNames
{
    private static readonly Dictionary<string, Setting> Current = Index(SettingsCatalogue.All);
    private static readonly Dictionary<string, Setting> Deprecated = Index(SettingsCatalogue.Deprecated);

    /// <summary>The setting of the catalogue that is read from a name, directly or as a part of it; <see langword="null"/> when none is.</summary>
    public static Setting? Find(string name) => Current.GetValueOrDefault(SettingKey.ToConfiguration(name));

    /// <summary>Whether a name is read: as a setting, a deprecated one or an element of a list.</summary>
    public static bool IsRead(string name)
    {
        var key = SettingKey.ToConfiguration(name);
        return Current.ContainsKey(key) || Deprecated.ContainsKey(key) || (SettingKey.ListOf(key) is { } list && Current.GetValueOrDefault(list) is ListSetting);
    }

    private static Dictionary<string, Setting> Index(IEnumerable<Setting> settings)
    {
        Dictionary<string, Setting> index = new(StringComparer.OrdinalIgnoreCase);
        foreach (var setting in settings)
        {
            // The first setting keeps a name that two are composed of.
            foreach (var spelling in setting.Spellings)
                index.TryAdd(SettingKey.ToConfiguration(spelling), setting);
        }

        return index;
    }
}
