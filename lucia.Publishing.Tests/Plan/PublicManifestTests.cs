using System.Text;
using Lucia.Publishing.Diagnostics;
using Lucia.Publishing.Plan;

namespace Lucia.Publishing.Tests.Plan;

/// <summary>Manifests that other people published, from the folder that LUCIA_MANIFESTS names.</summary>
public sealed class PublicManifestTests
{
    [Theory]
    [InlineData("07")]
    [InlineData("10")]
    [InlineData("11")]
    [InlineData("12")]
    [InlineData("13")]
    [InlineData("17")]
    [InlineData("19")]
    public void It_is_planned_without_errors(string number)
    {
        var (plan, diagnostics) = Read(number, skipUnsupported: false);

        diagnostics.Errors.ShouldBeEmpty();
        plan.ShouldNotBeNull().Workloads.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("15", "LUCIA1008")]
    [InlineData("21", "LUCIA1009")]
    [InlineData("24", "LUCIA1008")]
    [InlineData("27", "LUCIA1002")]
    public void It_is_refused_by_name(string number, string diagnostic)
    {
        var (plan, diagnostics) = Read(number, skipUnsupported: false);

        plan.ShouldBeNull();
        diagnostics.Errors.Select(static d => d.Number).ShouldContain(diagnostic);
    }

    [Theory]
    [InlineData("15")]
    [InlineData("21")]
    public void It_is_planned_without_what_is_not_supported(string number)
    {
        var (plan, diagnostics) = Read(number, skipUnsupported: true);

        diagnostics.Errors.ShouldBeEmpty();
        plan.ShouldNotBeNull().Workloads.ShouldNotBeEmpty();
    }

    private static (DeploymentPlan? Plan, DiagnosticBag Diagnostics) Read(string number, bool skipUnsupported)
    {
        var folder = Environment.GetEnvironmentVariable("LUCIA_MANIFESTS");
        if (string.IsNullOrEmpty(folder))
            Assert.Skip("LUCIA_MANIFESTS names no folder of public manifests.");
        var path = Directory.EnumerateFiles(folder, number + "-*.json").Single();
        return Planning.Try(File.ReadAllText(path, Encoding.UTF8), skipUnsupported);
    }
}
