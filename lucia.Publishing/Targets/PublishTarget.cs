using Lucia.Publishing.Output;
using Lucia.Publishing.Plan;

namespace Lucia.Publishing.Targets;

/// <summary>A way to deploy: one folder of files made from a plan.</summary>
public abstract class PublishTarget
{
    /// <summary>The name on the command line and of the folder, in lower case.</summary>
    public abstract string Name { get; }

    /// <summary>One sentence for <c>--help</c>.</summary>
    public abstract string Description { get; }

    /// <summary>What becomes of each feature. A feature that is not in the table counts as not supported.</summary>
    public abstract IReadOnlyDictionary<Feature, FeatureSupport> Support { get; }

    /// <summary>Whether a program of the host has to be in an image first.</summary>
    public virtual bool RunsExecutablesInImages => true;

    /// <summary>
    /// Makes the files of a plan that uses no feature this target says No to, and holds its own workloads only. What cannot be expressed is reported to <see cref="OutputFolder.Diagnostics"/>; nothing is thrown, read from disk or
    /// written to it, so that the same plan always makes the same bytes.
    /// </summary>
    public abstract void Write(DeploymentPlan plan, OutputFolder output);
}

/// <summary>What a target does with a feature.</summary>
/// <param name="Level">How far.</param>
/// <param name="How">In a few words, such as "StatefulSet with a PersistentVolumeClaim".</param>
public sealed record FeatureSupport(SupportLevel Level, string How);

/// <summary>How far a target supports a feature.</summary>
public enum SupportLevel
{
    /// <summary>Fully.</summary>
    Yes,

    /// <summary>With a limit that <see cref="FeatureSupport.How"/> names.</summary>
    Partly,

    /// <summary>Not; the target reports it as an error when a plan needs it.</summary>
    No,
}
