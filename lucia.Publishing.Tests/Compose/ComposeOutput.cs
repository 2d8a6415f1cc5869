using System.Text;
using Lucia.Publishing.Compose;
using Lucia.Publishing.Output;
using Lucia.Publishing.Plan;
using YamlDotNet.Serialization;

namespace Lucia.Publishing.Tests.Compose;

/// <summary>What the compose target makes of a manifest, in memory or in a temporary folder.</summary>
internal sealed class ComposeOutput : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("lucia-compose-").FullName;

    private ComposeOutput(PublishResult result) => Result = result;

    /// <summary>The samples by name; each has golden files.</summary>
    public static IReadOnlyDictionary<string, string> Samples { get; } = new Dictionary<string, string>
    {
        ["house"] = HouseSample.Json,
        ["everything"] = Tests.Samples.Everything,
        ["corners"] = CornersManifest.Json,
    };

    public PublishResult Result { get; }

    /// <summary>The folder that <see cref="Of"/> wrote.</summary>
    public string Folder => Path.Combine(_root, "compose");

    public OutputFolder Files => Result.Folders.Single();

    /// <summary>Publishes a sample, or a manifest given as JSON, into a temporary folder.</summary>
    public static ComposeOutput Of(string sample, bool skipUnsupported = false)
    {
        var json = Encoding.UTF8.GetBytes(Samples.GetValueOrDefault(sample) ?? sample);
        var request = new PublishRequest([new ComposeTarget()], null, new PlanOptions(SkipUnsupported: skipUnsupported));
        var output = new ComposeOutput(Publisher.Publish(json, request));
        output.Result.Diagnostics.Where(static d => d.Severity == Lucia.Publishing.Diagnostics.Severity.Error).ShouldBeEmpty();
        FolderWriter.Write(output._root, output.Result.Folders, new());
        return output;
    }

    public string Text(string path) => Files.Files.Single(f => f.Path == path).Text;

    /// <summary>A YAML file as plain dictionaries, lists and texts.</summary>
    public Dictionary<object, object> Yaml(string path = "docker-compose.yml") =>
        new DeserializerBuilder().Build().Deserialize<Dictionary<object, object>>(Text(path));

    /// <summary>A member of the compose file by its path, such as <c>services.redis.user</c>.</summary>
    public object? Get(string path)
    {
        object? at = Yaml();
        foreach (var key in path.Split('.'))
            at = at is Dictionary<object, object> map ? map.GetValueOrDefault(key) : null;
        return at;
    }

    public IEnumerable<string> List(string path) => ((List<object>)Get(path)!).Select(static i => i.ToString()!);

    /// <summary>Runs the set-up with the given values for everything that has to be brought.</summary>
    public async Task SetUpAsync(CancellationToken cancellationToken, params (string Name, string Value)[] values)
    {
        var run = await Command.RunAsync("dash", ["setup.sh", "--non-interactive", "--no-engine-check"], Folder, cancellationToken, environment: values);
        run.ExitCode.ShouldBe(0, run.Error);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
