namespace Lucia.Settings;

/// <summary>Finds each setting in the sources: one pass over the names, one over the deprecated compositions.</summary>
internal sealed class SettingsResolver
{
    private readonly Dictionary<string, ResolvedSetting> _found = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<SettingProblem> _problems = [];
    private readonly List<SettingWarning> _warnings = [];
    private readonly ILookup<string, Entry> _entries;

    private SettingsResolver(IReadOnlyList<SettingSource> sources)
    {
        _entries = sources
            .SelectMany((source, index) => source.Entries.Select(entry => new Entry(
                SettingKey.ToConfiguration(entry.Key),
                source.Band is SettingBand.ApplicationFiles ? entry.Key : SettingKey.ToEnvironment(entry.Key),
                entry.Value,
                source.Name,
                RankOf(source.Band, index))))
            .ToLookup(entry => entry.ConfigurationKey, StringComparer.OrdinalIgnoreCase);
    }

    public static ResolvedSettings Resolve(IReadOnlyList<SettingSource> sources)
    {
        var resolver = new SettingsResolver(sources);
        foreach (var setting in SettingsCatalogue.All.Concat(SettingsCatalogue.Deprecated))
            resolver.Find(setting);
        resolver.ComposeModels();
        resolver.WarnOfUnknownNames();
        foreach (var deprecated in SettingsCatalogue.Deprecated)
            resolver._found.Remove(deprecated.Key);
        return new(resolver._found, resolver._problems, resolver._warnings);
    }

    /// <summary>JSON files override each other in their order; all environment-like sources weigh the same.</summary>
    private static int RankOf(SettingBand band, int index) => band is SettingBand.ApplicationFiles ? index : ((int)band * 1_000_000);

    private void Find(Setting setting)
    {
        var names = new[] { setting.Key, setting.ShellName }.Concat(setting.Aliases).Distinct(StringComparer.OrdinalIgnoreCase);
        var candidates = names.SelectMany(name => EntriesOf(setting, SettingKey.ToConfiguration(name))).ToArray();
        if (candidates.Length == 0)
            return;

        var rank = candidates.Max(candidate => candidate.Rank);
        var strongest = candidates.Where(candidate => candidate.Rank == rank).ToArray();
        var chosen = strongest[0];
        _found[setting.Key] = new(setting, chosen.Value, chosen.WrittenAs, chosen.Source, rank);

        foreach (var other in strongest.Skip(1).Where(other => !setting.AreSame(chosen.Value, other.Value)))
            _problems.Add(Disagreement(chosen.WrittenAs, chosen.Source, other.WrittenAs, other.Source));

        foreach (var alias in candidates.Where(candidate => setting.Aliases.Any(alias => SettingKey.AreSame(alias, candidate.ConfigurationKey))))
            _warnings.Add(new(alias.WrittenAs, alias.Source, $"is a deprecated name. Use {setting.Key}."));
    }

    private IEnumerable<Entry> EntriesOf(Setting setting, string name)
    {
        foreach (var entry in _entries[name])
            yield return entry;

        if (setting is not ListSetting)
            yield break;

        var elements = _entries
            .Where(group => IsElementOf(name, group.Key))
            .SelectMany(group => group)
            .GroupBy(entry => (entry.Source, entry.Rank));
        foreach (var list in elements)
        {
            var ordered = list.OrderBy(entry => int.Parse(entry.ConfigurationKey[(name.Length + 1)..], System.Globalization.CultureInfo.InvariantCulture));
            yield return new(name, setting.Key, string.Join(',', ordered.Select(entry => entry.Value)), list.Key.Source, list.Key.Rank);
        }
    }

    /// <summary>Configuration spells a JSON array as one name per element: <c>HomeAssistant:AllowedDomains:0</c>.</summary>
    private static bool IsElementOf(string list, string name) =>
        name.Length > list.Length + 1
        && name.StartsWith(list + ":", StringComparison.OrdinalIgnoreCase)
        && name.AsSpan(list.Length + 1) is { Length: < 6 } index
        && !index.ContainsAnyExceptInRange('0', '9');

    private void ComposeModels()
    {
        foreach (var setting in SettingsCatalogue.All.OfType<ModelConnectionSetting>())
        {
            var key = _found.GetValueOrDefault(setting.Parts.ApiKey);
            var url = _found.GetValueOrDefault(setting.Parts.BaseUrl);
            var model = _found.GetValueOrDefault(setting.Parts.ModelId);
            var direct = _found.GetValueOrDefault(setting.Key);

            // The key and the address are shared: alone they speak for the chat model unless the embedding model is what uses them.
            var onlyShared = model is null && (setting != SettingsCatalogue.ChatModel || (direct is not null && IsSet(SettingsCatalogue.EmbeddingModel.Parts.ModelId)));
            ResolvedSetting[] parts = [.. new[] { key, url, model }.OfType<ResolvedSetting>()];
            if (parts.Length == 0 || onlyShared)
                continue;

            WarnOfParts(setting, parts);
            if (direct is null)
                Compose(setting, key, url, model, parts);
            else if (parts.Max(part => part.Rank) >= direct.Rank)
                Compare(setting, direct, key, url, model);
        }
    }

    private void WarnOfParts(ModelConnectionSetting setting, IEnumerable<ResolvedSetting> parts)
    {
        foreach (var part in parts.Where(part => !_warnings.Any(warning => warning.Setting == part.WrittenAs && warning.Source == part.Source)))
            _warnings.Add(new(part.WrittenAs, part.Source, $"is a deprecated name. Use {setting.Key} and {setting.AccessKeySetting}."));
    }

    private void Compose(ModelConnectionSetting setting, ResolvedSetting? key, ResolvedSetting? url, ResolvedSetting? model, ResolvedSetting[] parts)
    {
        if (model is null)
        {
            _problems.Add(new(setting.Parts.ModelId, null, $"is not set, although {parts[0].WrittenAs} is.", $"Better, set {setting.Key} instead of both."));
            return;
        }

        var separate = _found.GetValueOrDefault(setting.AccessKeySetting);
        if (key is not null && separate is not null && key.Rank == separate.Rank && key.Value != separate.Value)
            _problems.Add(Disagreement(separate.WrittenAs, separate.Source, key.WrittenAs, key.Source));

        var text = ModelConnectionText.Compose(url?.Value ?? ModelEndpoint.OpenAI, key?.Value, model.Value);
        _found[setting.Key] = new(
            setting,
            text,
            string.Join(", ", parts.Select(part => part.WrittenAs)),
            string.Join(", ", parts.Select(part => part.Source).Distinct()),
            parts.Max(part => part.Rank));
    }

    private void Compare(ModelConnectionSetting setting, ResolvedSetting direct, ResolvedSetting? key, ResolvedSetting? url, ResolvedSetting? model)
    {
        // What cannot be read is reported when it is parsed; here only two readable values are compared.
        if (!ModelConnectionText.TryRead(direct.Value, out var written, out _)
            || !ModelEndpoint.TryParse(written.Endpoint, NamedProvider(written), out var endpoint, out _))
        {
            return;
        }

        var accessKey = written.AccessKey ?? _found.GetValueOrDefault(setting.AccessKeySetting)?.Value;
        Check(key, value => accessKey is null || value == accessKey);
        Check(model, value => (written.Model ?? endpoint.Deployment) is not { } name || value == name);
        Check(url, value => ModelEndpoint.TryParse(value, endpoint.Provider, out var other, out _) && other.Address == endpoint.Address);

        void Check(ResolvedSetting? part, Predicate<string> agrees)
        {
            if (part is not null && part.Rank >= direct.Rank && !agrees(part.Value))
                _problems.Add(Disagreement(direct.WrittenAs, direct.Source, part.WrittenAs, part.Source));
        }
    }

    private static ModelProvider? NamedProvider(ModelConnectionText text) =>
        text.Provider is { } name && ModelProviderNames.TryParse(name, out var provider) ? provider : null;

    private void WarnOfUnknownNames()
    {
        Setting[] known = [.. SettingsCatalogue.All, .. SettingsCatalogue.Deprecated];
        foreach (var group in _entries)
        {
            var isKnown = known.Any(setting =>
                setting.IsSpelledAs(group.Key)
                || (setting is ListSetting && setting.Spellings.Any(spelling => IsElementOf(SettingKey.ToConfiguration(spelling), group.Key))));
            if (!isKnown && UnknownName.Warn(group.Key) is { } warning)
                _warnings.AddRange(group.Select(entry => new SettingWarning(entry.WrittenAs, entry.Source, warning)));
        }
    }

    private bool IsSet(string key) => _found.ContainsKey(key);

    internal static SettingProblem Disagreement(string setting, string source, string other, string otherSource) => new(
        setting,
        source,
        SettingKey.AreSame(setting, other) && source == otherSource
            ? "is set twice, and not to the same value."
            : $"and {other} ({otherSource}) mean the same setting, and they disagree.",
        "Remove one of the two, or make them equal.");

    private sealed record Entry(string ConfigurationKey, string WrittenAs, string Value, string Source, int Rank)
    {
        public override string ToString() => $"{WrittenAs} ({Source})";
    }
}
