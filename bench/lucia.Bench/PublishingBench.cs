using System.Diagnostics;
using System.Globalization;
using Lucia.Publishing;
using Lucia.Publishing.Diagnostics;
using Lucia.Publishing.Manifest;
using Lucia.Publishing.Plan;
using Lucia.Publishing.Targets;
using Lucia.Publishing.Text;
using YamlDotNet.Serialization;

namespace Lucia.Bench;

/// <summary>
/// Measures the publishers: a whole run as a process, and the parts of one in a warm process. What is compared runs in turns, so that whatever
/// else the machine does falls on both alike; the medians and their ratio count.
/// </summary>
internal static class PublishingBench
{
    // More than the runtime needs to compile what is measured with all optimisations.
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(1);

    public static int Run(int rounds, TextWriter output)
    {
        var root = Root();
        var house = Path.Combine(root, "deploy", "aspire-manifest.json");
        var folder = Directory.CreateTempSubdirectory("lucia-bench-").FullName;
        try
        {
            var large = Path.Combine(folder, "large.json");
            File.WriteAllText(large, LargeManifest.Write());
            output.WriteLine($"{rounds} rounds, medians; {Environment.ProcessorCount} processors, load {Load()}, .NET {Environment.Version}");
            output.WriteLine();
            Processes(root, folder, house, large, rounds, output);
            output.WriteLine();
            InProcess(house, large, rounds, output);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Processes(string root, string folder, string house, string large, int rounds, TextWriter output)
    {
        var built = Path.Combine(root, "lucia.Publishing", "bin", "Release", "net10.0");
        // The assembly as the compiler leaves it: what the packed tool holds.
        var portable = Path.Combine(folder, "portable");
        Directory.CreateDirectory(portable);
        foreach (var file in Directory.EnumerateFiles(built))
            File.Copy(file, Path.Combine(portable, Path.GetFileName(file)));
        File.Copy(Path.Combine(root, "lucia.Publishing", "obj", "Release", "net10.0", "lucia.Publishing.dll"), Path.Combine(portable, "lucia.Publishing.dll"), overwrite: true);

        output.WriteLine("A process, all four targets into an empty folder   wall ms   cpu ms   peak MiB");
        foreach (var (what, manifest) in new[] { ("Lucia's manifest", house), ($"{LargeManifest.Resources} resources", large) })
        {
            var (ahead, jit) = (new Sample($"{what}, Release build"), new Sample($"{what}, packed tool's assembly"));
            for (var round = 0; round <= rounds; round++)
            {
                foreach (var (sample, program) in new[] { (ahead, built), (jit, portable) })
                {
                    var target = Path.Combine(folder, "output");
                    // The first fills the page cache.
                    MeasuredProcess.Run(round == 0 ? new Sample("") : sample, Path.Combine(program, "lucia.Publishing"), [manifest, "--output", target, "--quiet"]);
                    Directory.Delete(target, recursive: true);
                }
            }
            foreach (var sample in new[] { ahead, jit })
                output.WriteLine(Line($"  {sample.Name,-46} {sample.Wall,9:0} {sample.Cpu,8:0} {sample.PeakBytes / 1048576.0,10:0}"));
            output.WriteLine(Line($"  {"ratio",-46} {ahead.Wall / jit.Wall,9:0.00} {ahead.Cpu / jit.Cpu,8:0.00}"));
        }
    }

    private static void InProcess(string house, string large, int rounds, TextWriter output)
    {
        output.WriteLine("In a warm process                                      µs");
        foreach (var (what, manifest) in new[] { ("Lucia's manifest", File.ReadAllBytes(house)), ($"{LargeManifest.Resources} resources", File.ReadAllBytes(large)) })
        {
            (string, Func<object>)[] ways =
            [
                ($"{what}: read and plan", () => Plan(manifest)),
                .. PublishTargets.All.Select(target => ($"{what}: the same and {target.Name}", (Func<object>)(() => Publish(manifest, target)))),
                ($"{what}: the same and all targets", () => Publish(manifest, [.. PublishTargets.All])),
            ];
            Write(output, Measure(rounds, ways), ratio: false);
        }

        var document = YamlTrees.Read(Publish(File.ReadAllBytes(large), PublishTargets.All[0]).Folders.Single().Files.Single(static f => f.Path == "docker-compose.yml").Text);
        var (own, plain) = (YamlTrees.Own(document), YamlTrees.Plain(document));
        var serializer = new SerializerBuilder().WithQuotingNecessaryStrings(quoteYaml1_1Strings: true).Build();
        Write(output, Measure(rounds, ("a compose file's YAML, own emitter", () => YamlText.Write(own)), ("the same, YamlDotNet", () => serializer.Serialize(plain))), ratio: true);
    }

    private static DeploymentPlan Plan(byte[] manifest)
    {
        var diagnostics = new DiagnosticBag();
        return DeploymentPlanner.Plan(ManifestReader.Read(manifest, diagnostics)!, new PlanOptions(), diagnostics)!;
    }

    private static PublishResult Publish(byte[] manifest, params IReadOnlyList<PublishTarget> targets) =>
        Publisher.Publish(manifest, new PublishRequest(targets, null, new PlanOptions()));

    /// <summary>Measures in turns; each turn repeats until a clock tick is nothing to it.</summary>
    private static IReadOnlyList<Sample> Measure(int rounds, params (string Name, Func<object> Act)[] ways)
    {
        foreach (var (_, act) in ways)
        {
            for (var clock = Stopwatch.StartNew(); clock.Elapsed < Warm;)
                act();
        }
        var samples = ways.Select(static w => new Sample(w.Name)).ToList();
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < ways.Length; i++)
            {
                var (count, clock) = (0, Stopwatch.StartNew());
                for (; clock.ElapsedMilliseconds < 20; count++)
                    ways[i].Act();
                samples[i].Add(clock.Elapsed.TotalMilliseconds / count);
            }
        }
        return samples;
    }

    private static void Write(TextWriter output, IReadOnlyList<Sample> samples, bool ratio)
    {
        foreach (var sample in samples)
            output.WriteLine(Line($"  {sample.Name,-46} {sample.Wall * 1000,9:0}"));
        if (ratio)
            output.WriteLine(Line($"  {"ratio",-46} {samples[0].Wall / samples[1].Wall,9:0.00}"));
    }

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "lucia.sln")))
                return folder.FullName;
        }
        throw new InvalidOperationException("This is not inside Lucia's repository.");
    }
}
