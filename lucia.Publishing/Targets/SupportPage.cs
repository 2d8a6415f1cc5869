using System.Text;

namespace Lucia.Publishing.Targets;

/// <summary>The documentation's support table, made from what the targets declare.</summary>
public static class SupportPage
{
    /// <summary>Markdown: one row per feature, one column per target.</summary>
    public static string Render(IReadOnlyList<PublishTarget> targets)
    {
        var page = new StringBuilder("""
            # What each target supports

            <!-- Generated from the targets' support tables; do not edit. -->

            A feature that a target does not support is an error (LUCIA1603) when a manifest uses it.


            """);
        page.Append("| feature |").AppendJoin("", targets.Select(static t => $" {t.Name} |")).Append('\n');
        page.Append("| --- |").AppendJoin("", targets.Select(static _ => " --- |")).Append('\n');
        foreach (var feature in Enum.GetValues<Feature>())
            page.Append($"| {feature} |").AppendJoin("", targets.Select(t => $" {Cell(t, feature)} |")).Append('\n');
        return page.ToString();
    }

    /// <summary>What a target does with a feature, in one cell.</summary>
    public static string Cell(PublishTarget target, Feature feature)
    {
        var support = target.Support.GetValueOrDefault(feature) ?? new FeatureSupport(SupportLevel.No, "not known to the target");
        return $"{support.Level.ToString().ToLowerInvariant()}: {support.How}";
    }
}
