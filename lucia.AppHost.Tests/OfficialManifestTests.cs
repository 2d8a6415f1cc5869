using System.Text.Json;
using System.Text.Json.Nodes;
using Lucia.AgentHost.Tests.Support;
using Lucia.AppHost.Tests.Support;
using Lucia.Deployment.Tests.Support;

namespace Lucia.AppHost.Tests;

/// <summary>
/// Golden/aspire-manifest.json is what Aspire itself writes of this model. With the baseline set the embedded engine is held to it, with the full set the
/// file is; there <c>LUCIA_GOLDEN=write</c> writes it anew after a change of the model.
/// </summary>
public sealed class OfficialManifestTests : IDisposable
{
    /// <summary>Where the embedded engine's manifest may differ, as a path and the reason. Nowhere today.</summary>
    private static readonly Dictionary<string, string> Differences = [];

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // As deep as deploy/, because the manifest names projects relative to where it lies.
    private readonly string _output = Path.Combine(Programs.Repository, "artifacts-" + Guid.NewGuid().ToString("N"));

    private static string Golden => Path.Combine(Programs.Repository, "lucia.AppHost.Tests", "Golden", "aspire-manifest.json");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        if (Directory.Exists(_output)) Directory.Delete(_output, recursive: true);
    }

    [Fact]
    public async Task The_manifest_is_the_one_Aspire_writes_of_this_model()
    {
        (await Ran.ToEndAsync(AppHostProgram.Of("lucia.AppHost"), ["--operation", "publish", "--step", "publish-manifest", "--output-path", _output])).Well();
        var written = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(_output, "aspire-manifest.json"), Cancellation))!;
        // Our own resource, written by our own code with either engine.
        written["resources"]!.AsObject().Remove("deployment").ShouldBeTrue();
        if (PackageSet.Name == "full" && Environment.GetEnvironmentVariable("LUCIA_GOLDEN") == "write")
            await File.WriteAllTextAsync(Golden, written.ToJsonString(Indented) + "\n", Cancellation);

        var official = JsonNode.Parse(await File.ReadAllTextAsync(Golden, Cancellation))!;
        var found = Compare(official, written, "$").ToList();

        found.Where(path => PackageSet.Name == "full" || !Differences.ContainsKey(path)).ShouldBeEmpty();
        if (PackageSet.Name != "full") Differences.Keys.ShouldBeSubsetOf(found, "a listed difference is gone: take it off the list");
        Names(written).ShouldBe(Names(official), "the order of the resources");
    }

    private static IEnumerable<string> Names(JsonNode manifest) => manifest["resources"]!.AsObject().Select(resource => resource.Key);

    /// <summary>The paths at which two documents differ.</summary>
    private static IEnumerable<string> Compare(JsonNode? expected, JsonNode? actual, string path) => (expected, actual) switch
    {
        (JsonObject left, JsonObject right) => left.Select(entry => entry.Key).Union(right.Select(entry => entry.Key))
            .SelectMany(key => Compare(left[key], right[key], $"{path}.{key}")),
        (JsonArray left, JsonArray right) when left.Count == right.Count => left.Zip(right).SelectMany((pair, index) => Compare(pair.First, pair.Second, $"{path}[{index}]")),
        _ => JsonNode.DeepEquals(expected, actual) ? [] : [path],
    };
}
