using System.Text;
using Lucia.Publishing.Output;
using Lucia.Publishing.Plan;
using Lucia.Publishing.Targets;

namespace Lucia.Publishing.Tests.Kubernetes;

/// <summary>Manifests published to one target, in memory or in a folder of their own.</summary>
internal sealed class Published : IDisposable
{
    private Published(string root) => Root = root;

    /// <summary>The folder that holds the target's folder.</summary>
    public string Root { get; }

    /// <summary>Every public manifest that has to be published, for <c>MemberData</c>.</summary>
    public static TheoryData<string> PublicManifests => ["07", "10", "11", "12", "13", "17", "19"];

    /// <summary>Own manifests, for <c>MemberData</c>.</summary>
    public static TheoryData<string> Samples => ["everything", "house"];

    public static string Sample(string name) => name == "house" ? HouseSample.Json : Tests.Samples.Everything;

    public static string PublicManifest(string number)
    {
        var folder = Environment.GetEnvironmentVariable("LUCIA_MANIFESTS");
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "LUCIA_MANIFESTS names no folder of public manifests.");
        return File.ReadAllText(Directory.EnumerateFiles(folder!, number + "-*.json").Single(), Encoding.UTF8);
    }

    public static OutputFolder InMemory(string manifest, PublishTarget target)
    {
        var result = Publisher.Publish(Encoding.UTF8.GetBytes(manifest), new PublishRequest([target], null, new PlanOptions("shop")));
        result.Diagnostics.Where(static d => d.Severity == Diagnostics.Severity.Error).ShouldBeEmpty();
        return result.Folders.ShouldHaveSingleItem();
    }

    public static Published OnDisk(string manifest, PublishTarget target)
    {
        var root = Directory.CreateTempSubdirectory("lucia-publishing-").FullName;
        var result = Publisher.Publish(Encoding.UTF8.GetBytes(manifest), new PublishRequest([target], root, new PlanOptions("shop")));
        result.Diagnostics.Where(static d => d.Severity == Diagnostics.Severity.Error).ShouldBeEmpty();
        return new Published(root);
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
