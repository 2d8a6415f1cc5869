namespace Lucia.Settings;

/// <summary>Names in Lucia's own sections that no setting reads are probably mistyped.</summary>
internal static class UnknownName
{
    private static readonly string[] Names =
        [.. SettingsCatalogue.All.SelectMany(setting => new[] { setting.Key, setting.ShellName }).Distinct(StringComparer.OrdinalIgnoreCase).Select(SettingKey.ToConfiguration)];

    /// <summary>Sections that others use as well: only a near miss is worth a warning there.</summary>
    private static readonly string[] SharedSections = ["ConnectionStrings", "Logging"];

    /// <summary>What to say about a name that no setting reads; <see langword="null"/> when it is none of our business.</summary>
    public static string? Warn(string name)
    {
        if (SettingKey.Section(name) is not { } section)
            return null;

        string[] siblings = [.. Names.Where(known => string.Equals(SettingKey.Section(known), section, StringComparison.OrdinalIgnoreCase))];
        if (siblings.Length == 0 && !string.Equals(section, "OpenAI", StringComparison.OrdinalIgnoreCase))
        {
            // A whole section mistyped, such as HomeAsistant, is recognised by the name as a whole.
            return NearestName.Find(name, Names, atMost: 2) is { } near ? Meant(near) : null;
        }

        if (SharedSections.Contains(section, StringComparer.OrdinalIgnoreCase))
            return NearestName.Find(name, siblings, atMost: 2) is { } near ? Meant(near) : null;

        var last = name[(section.Length + 1)..];
        var nearest = siblings.FirstOrDefault(known => known.Contains(last, StringComparison.OrdinalIgnoreCase) || last.Contains(known[(section.Length + 1)..], StringComparison.OrdinalIgnoreCase))
            ?? NearestName.Find(name, siblings, atMost: Math.Max(3, last.Length / 2));
        return nearest is not null ? Meant(nearest) : "is not a setting of Lucia and is ignored.";
    }

    private static string Meant(string name) => $"is not a setting of Lucia and is ignored. Did you mean {SettingKey.ToEnvironment(name)}?";
}
