using System.Text;
using Lucia.Publishing.Diagnostics;
using Lucia.Publishing.Manifest;
using Lucia.Publishing.Plan;

namespace Lucia.Publishing.Tests;

/// <summary>Reads and plans a manifest that a test writes down.</summary>
internal static class Planning
{
    public static (DeploymentPlan? Plan, DiagnosticBag Diagnostics) Try(string json, bool skipUnsupported = false)
    {
        var diagnostics = new DiagnosticBag();
        var manifest = ManifestReader.Read(Encoding.UTF8.GetBytes(json), diagnostics);
        var plan = manifest is null ? null : DeploymentPlanner.Plan(manifest, new PlanOptions(SkipUnsupported: skipUnsupported), diagnostics);
        return (plan, diagnostics);
    }

    public static DeploymentPlan Planned(string json)
    {
        var (plan, diagnostics) = Try(json);
        diagnostics.Errors.ShouldBeEmpty();
        return plan.ShouldNotBeNull();
    }

    /// <summary>A manifest of the given members of <c>resources</c>.</summary>
    public static string Resources(string members) => $"{{ \"resources\": {{ {members} }} }}";

    /// <summary>The value of a variable, as the references it stands for.</summary>
    public static string Value(this DeploymentPlan plan, string workload, string variable) =>
        plan.Workload(workload).Environment.Single(e => e.Name == variable).Value.ToString();
}
