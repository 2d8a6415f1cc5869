using System.Security.Cryptography;
using Lucia.AgentHost.Tests.Support;
using Lucia.Deployment.Tests.Support;

namespace Lucia.Deployment.Tests.Workflows;

/// <summary>One commit, two clones that differ in all that should not matter: the files of a release are the same to the byte.</summary>
[Trait("Speed", "Slow")]
public sealed class ReproducibleTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lucia-same-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Chart_and_bundle_are_the_same_wherever_they_are_made()
    {
        Script.SkipElsewhere();
        // Another path of another length, another origin, other file modes, another zone, and at another time.
        var one = await CloneAsync("one", "https://github.com/seiggy/lucia-dotnet.git");
        var other = await CloneAsync("another-folder", "https://example.org/fork.git");

        var first = await MakeAsync(one, "022", "UTC");
        var second = await MakeAsync(other, "027", "Asia/Kathmandu");

        first.Keys.ShouldBe(second.Keys);
        first.Count.ShouldBe(2);
        foreach (var (name, bytes) in first) second[name].ShouldBe(bytes, name);

        // Nobody's name, no secret's mode, and the commit's time in every entry.
        var listed = (await Ran.ToEndAsync("tar", ["--utc", "-tvzf", Directory.GetFiles(Path.Combine(one, "dist"), "*.tar.gz").Single()])).Well().Output;
        var lines = listed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
        lines.Select(static words => words[1]).Distinct().ShouldBe(["0/0"]);
        lines.Select(static words => words[0]).Distinct().ShouldBeSubsetOf(["drwxr-xr-x", "-rw-r--r--", "-rwxr-xr-x"]);
        lines.Select(static words => $"{words[3]} {words[4]}").Distinct().Count().ShouldBe(1);
    }

    private async Task<string> CloneAsync(string name, string origin)
    {
        var folder = Path.Combine(_folder.FullName, name);
        (await Ran.ToEndAsync("git", ["clone", "--quiet", Programs.Repository, folder])).Well();
        (await Ran.ToEndAsync("git", ["-C", folder, "remote", "set-url", "origin", origin])).Well();
        return folder;
    }

    /// <summary>The sums of chart and bundle by their names.</summary>
    private static async Task<SortedDictionary<string, string>> MakeAsync(string folder, string mask, string zone)
    {
        (await Ran.ToEndAsync("env",
            ["-u", "SOURCE_DATE_EPOCH", $"TZ={zone}", "bash", "-c", $"umask {mask} && eng/package-chart.sh --output dist && ./lucia bundle systemd --output dist"], folder: folder, seconds: 480)).Well();
        var sums = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(folder, "dist")))
            sums.Add(Path.GetFileName(file), Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken))));
        return sums;
    }
}
