using Lucia.Publishing.Diagnostics;
using Lucia.Publishing.Manifest;
using Lucia.Publishing.Output;
using Lucia.Publishing.Plan;
using Lucia.Publishing.Targets;

namespace Lucia.Publishing;

/// <summary>The one way through: read, plan, let every target make its files, check them, write them all or none.</summary>
public static class Publisher
{
    /// <summary>Publishes a manifest.</summary>
    /// <param name="manifestPath">The manifest.</param>
    /// <param name="request">What to make, and where.</param>
    /// <returns>Everything found; when it has errors, nothing was written.</returns>
    public static PublishResult Publish(string manifestPath, PublishRequest request)
    {
        var diagnostics = new DiagnosticBag();
        var manifest = ManifestReader.ReadFile(manifestPath, diagnostics);
        return Publish(manifest, request, diagnostics);
    }

    /// <summary>Publishes a manifest from memory.</summary>
    public static PublishResult Publish(ReadOnlySpan<byte> manifest, PublishRequest request)
    {
        var diagnostics = new DiagnosticBag();
        return Publish(ManifestReader.Read(manifest, diagnostics), request, diagnostics);
    }

    private static PublishResult Publish(AspireManifest? manifest, PublishRequest request, DiagnosticBag diagnostics)
    {
        var plan = manifest is null ? null : DeploymentPlanner.Plan(manifest, request.Options, diagnostics);
        if (plan is null)
            return new PublishResult(null, [], [], diagnostics.Items);

        ReportImagesByHand(manifest!, plan, request.Targets, diagnostics);
        var folders = new List<OutputFolder>();
        foreach (var target in request.Targets)
        {
            var folder = new OutputFolder(target.Name, diagnostics);
            var own = plan.For(target.Name);
            var before = diagnostics.Errors.Count();
            ReportMissing(plan, own, target, diagnostics);
            ReportUnsupported(own, target, diagnostics);
            // The other targets still tell what is wrong with them.
            if (diagnostics.Errors.Count() > before)
                continue;
            Make(target, own, folder);
            folder.CheckLeftovers(plan.ResourceNames);
            folders.Add(folder);
        }
        IReadOnlyList<FolderChange> changes = request.Output is not { } output ? []
            : request.DryRun ? FolderWriter.Check(output, folders, diagnostics)
            : FolderWriter.Write(output, folders, diagnostics);
        return new PublishResult(plan, folders, changes, diagnostics.Items);
    }

    /// <summary>Whatever goes wrong in one target is told like everything else, with what the others find.</summary>
    private static void Make(PublishTarget target, DeploymentPlan plan, OutputFolder folder)
    {
        try
        {
            target.Write(plan, folder);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            folder.Diagnostics.Report(DiagnosticCatalogue.Fault, SourceLocation.Manifest, Fault.Describe(fault, $"making the files of {target.Name}"));
        }
    }

    /// <summary>Said once, however many targets run images; systemd runs the program itself.</summary>
    private static void ReportImagesByHand(
        AspireManifest manifest, DeploymentPlan plan, IReadOnlyList<PublishTarget> targets, DiagnosticBag diagnostics)
    {
        var needed = targets.Where(static t => t.RunsExecutablesInImages)
            .SelectMany(t => plan.For(t.Name).Builds).Where(static b => b.Kind == BuildKind.ByHand).Select(static b => b.ResourceName).ToHashSet();
        foreach (var resource in manifest.Resources.Where(r => needed.Contains(r.Name)))
        {
            diagnostics.Report(
                DiagnosticCatalogue.ExecutableNeedsImage, resource.At, $"Nothing says how an image of '{resource.Name}' is built.");
        }
    }

    private static void ReportMissing(DeploymentPlan plan, DeploymentPlan own, PublishTarget target, DiagnosticBag diagnostics)
    {
        var there = own.Workloads.Select(static w => w.ResourceName).ToHashSet();
        foreach (var reference in plan.References.Where(r => there.Contains(r.From) && !there.Contains(r.To)))
        {
            diagnostics.Report(
                DiagnosticCatalogue.NotExpressible, plan.Workload(reference.From).At,
                $"'{reference.From}' needs the address of '{reference.To}', which the deployment profile keeps from {target.Name}.",
                "Give both the same 'targets'.");
        }
    }

    private static void ReportUnsupported(DeploymentPlan plan, PublishTarget target, DiagnosticBag diagnostics)
    {
        foreach (var (feature, places) in FeatureUse.Of(plan))
        {
            var support = target.Support.GetValueOrDefault(feature) ?? new FeatureSupport(SupportLevel.No, "not known to the target");
            if (support.Level == SupportLevel.No)
                diagnostics.Report(DiagnosticCatalogue.NotExpressible, places[0], $"{target.Name} cannot express {feature}: {support.How}.");
        }
    }
}

/// <summary>What to publish.</summary>
/// <param name="Targets">The targets, each into a folder of its name.</param>
/// <param name="Output">The root of those folders; null makes the files in memory only.</param>
/// <param name="Options">Decisions about the plan.</param>
/// <param name="DryRun">Compare with what is there, and write nothing.</param>
public sealed record PublishRequest(IReadOnlyList<PublishTarget> Targets, string? Output, PlanOptions Options, bool DryRun = false);

/// <summary>What came of it.</summary>
/// <param name="Plan">The plan, unless the manifest has errors.</param>
/// <param name="Folders">The files made.</param>
/// <param name="Changes">What was written or, in a dry run, would be.</param>
/// <param name="Diagnostics">Every finding, in the order in which it was made.</param>
public sealed record PublishResult(
    DeploymentPlan? Plan, IReadOnlyList<OutputFolder> Folders, IReadOnlyList<FolderChange> Changes, IReadOnlyList<Diagnostic> Diagnostics)
{
    /// <summary>Whether everything was made and nothing forbids using it.</summary>
    public bool Succeeded => Diagnostics.All(static d => d.Severity != Severity.Error);
}
