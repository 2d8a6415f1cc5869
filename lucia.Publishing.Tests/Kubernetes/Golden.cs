using System.Runtime.CompilerServices;
using Lucia.Publishing.Output;

namespace Lucia.Publishing.Tests.Kubernetes;

/// <summary>Compares an output with the files that are checked in; <c>LUCIA_GOLDEN=write</c> replaces them instead, to be read in the diff.</summary>
internal static class Golden
{
    public static void Check(OutputFolder folder, string sample)
    {
        var golden = Path.Combine(Path.GetDirectoryName(Here())!, "..", "Golden", folder.Name, sample);
        if (Environment.GetEnvironmentVariable("LUCIA_GOLDEN") == "write")
        {
            if (Directory.Exists(golden))
                Directory.Delete(golden, recursive: true);
            foreach (var file in folder.Files)
            {
                var path = Path.Combine(golden, file.Path);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllBytes(path, file.Content.ToArray());
            }
        }
        IEnumerable<string> expected = Directory.Exists(golden)
            ? Directory.EnumerateFiles(golden, "*", SearchOption.AllDirectories).Select(p => Path.GetRelativePath(golden, p).Replace('\\', '/')).Order(StringComparer.Ordinal)
            : [];
        folder.Files.Select(static f => f.Path).ShouldBe(expected, "LUCIA_GOLDEN=write writes the expected files anew");
        foreach (var file in folder.Files)
            file.Text.ShouldBe(File.ReadAllText(Path.Combine(golden, file.Path)), file.Path);
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
