using System.Runtime.CompilerServices;

namespace Lucia.Publishing.Tests.Compose;

/// <summary>The outputs of the samples, byte for byte. <c>LUCIA_UPDATE_GOLDEN=1</c> writes them anew, to be reviewed as a change.</summary>
public sealed class GoldenTests
{
    public static TheoryData<string> Names() => [.. ComposeOutput.Samples.Keys];

    [Theory, MemberData(nameof(Names))]
    public void The_output_is_the_golden_one(string sample)
    {
        using var output = ComposeOutput.Of(sample);
        var golden = Path.Combine(Folder(), sample);
        if (Environment.GetEnvironmentVariable("LUCIA_UPDATE_GOLDEN") == "1")
            Update(output.Folder, golden);

        Files(output.Folder).ShouldBe(Files(golden));
        foreach (var file in Files(golden))
            FirstDifference(File.ReadAllText(Path.Combine(output.Folder, file)), File.ReadAllText(Path.Combine(golden, file))).ShouldBeNull($"{sample}/{file}");
    }

    [Theory, MemberData(nameof(Names))]
    public void Twice_gives_the_same_bytes(string sample)
    {
        using var first = ComposeOutput.Of(sample);
        using var second = ComposeOutput.Of(sample);

        second.Files.Files.Select(static f => (f.Path, f.Text, f.Mode)).ShouldBe(first.Files.Files.Select(static f => (f.Path, f.Text, f.Mode)));
    }

    private static string? FirstDifference(string actual, string golden)
    {
        if (actual == golden)
            return null;
        var (now, before) = (actual.Split('\n'), golden.Split('\n'));
        var line = now.Zip(before).TakeWhile(static pair => pair.First == pair.Second).Count();
        return $"line {line + 1}: '{now.ElementAtOrDefault(line)}' instead of '{before.ElementAtOrDefault(line)}'";
    }

    private static IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/'))
        .Order(StringComparer.Ordinal);

    private static void Update(string from, string to)
    {
        if (Directory.Exists(to))
            Directory.Delete(to, recursive: true);
        foreach (var file in Files(from))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(to, file))!);
            File.Copy(Path.Combine(from, file), Path.Combine(to, file));
        }
    }

    private static string Folder([CallerFilePath] string file = "") => Path.Combine(Path.GetDirectoryName(file)!, "Golden");
}
