using Lucia.Publishing.Cli;
using Lucia.Publishing.Diagnostics;
using Lucia.Publishing.Expressions;
using Lucia.Publishing.Output;
using Lucia.Publishing.Plan;
using Lucia.Publishing.Targets;

namespace Lucia.Publishing.Tests.Cli;

public sealed class PublishCommandTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("lucia-publishing-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void It_writes_one_folder_per_target()
    {
        var (code, output, _) = Run(Samples.Everything, "--output", Out);

        code.ShouldBe(0);
        output.ShouldContain("plain: 2 files");
        File.ReadAllText(Path.Combine(Out, "plain", "web.txt")).ShouldContain("TOOL=http://tool:3000");
        Directory.Exists(Path.Combine(Out, "other")).ShouldBeTrue();
    }

    [Fact]
    public void It_writes_the_targets_named()
    {
        Run(Samples.Everything, "--output", Out, "--target", "other").Code.ShouldBe(0);

        Directory.EnumerateDirectories(Out).Select(Path.GetFileName).ShouldBe(["other"]);
    }

    [Fact]
    public void A_dry_run_shows_and_writes_nothing()
    {
        var (code, output, _) = Run(Samples.Everything, "--output", Out, "--dry-run");

        code.ShouldBe(0);
        output.ShouldContain($"new      {Out}/plain/web.txt");
        Directory.Exists(Out).ShouldBeFalse();
    }

    [Fact]
    public void A_broken_manifest_lists_every_problem_and_writes_nothing()
    {
        var (code, _, error) = Run(Planning.Resources($"{Samples.Container("a", "{b.value}")}, \"c\": {{ \"type\": \"azure.bicep.v0\" }}"), "--output", Out);

        code.ShouldBe(1);
        error.ShouldContain("LUCIA1302 error at $.resources.a.env.X");
        error.ShouldContain("LUCIA1009 error at $.resources.c");
        error.ShouldContain("2 errors; nothing was written.");
        Directory.Exists(Out).ShouldBeFalse();
    }

    [Fact]
    public void A_feature_that_a_target_cannot_express_is_an_error()
    {
        var json = Planning.Resources("\"a\": { \"type\": \"container.v0\", \"image\": \"a:1\", \"bindings\": { \"u\": { \"scheme\": \"udp\", \"protocol\": \"udp\", \"transport\": \"tcp\", \"targetPort\": 5 } } }");

        var (code, _, error) = Run(json, "--output", Out);

        code.ShouldBe(1);
        error.ShouldContain("LUCIA1603");
        error.ShouldContain("UdpEndpoints: no datagrams");
    }

    [Fact]
    public void Explain_shows_each_feature_by_target()
    {
        var (code, output, _) = Run(Samples.Everything, "--explain");

        code.ShouldBe(0);
        output.ShouldContain("feature\tuses\tplain\tother");
        output.ShouldContain("BindMounts\t1\tyes: as it is\tyes: as it is");
    }

    [Fact]
    public void The_support_table_has_a_row_for_every_feature()
    {
        var (code, output, _) = Run(Samples.Everything, "--support");

        code.ShouldBe(0);
        output.ShouldContain("| UdpEndpoints | no: no datagrams | no: no datagrams |\n");
        Enum.GetNames<Feature>().ShouldAllBe(name => output.Contains($"\n| {name} |"));
    }

    [Fact]
    public void Alike_notices_are_one_line_unless_each_is_asked_for()
    {
        int Notices(params string[] args) =>
            Run(Samples.Everything, ["--explain", .. args]).Error.Split('\n').Count(static l => l.StartsWith("LUCIA1407", StringComparison.Ordinal));

        Notices().ShouldBe(1);
        Notices("--verbose").ShouldBeGreaterThan(1);
        Notices("--quiet").ShouldBe(0);
    }

    [Theory]
    [InlineData("--target", "helmet")]
    [InlineData("--nonsense", "x")]
    public void A_wrong_command_line_is_exit_code_2(params string[] args)
    {
        var (code, _, error) = Run(Samples.Everything, args);

        code.ShouldBe(2);
        error.ShouldContain("--help");
    }

    [Fact]
    public void No_manifest_is_exit_code_2()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();

        PublishCommand.Run([], [new PlainTarget("plain")], output, error).ShouldBe(2);
        error.ToString().ShouldContain("No manifest");
    }

    [Fact]
    public void Help_has_examples_and_exit_codes()
    {
        var (code, output, _) = Run(Samples.Everything, "--help");

        code.ShouldBe(0);
        output.ShouldContain("lucia-publish aspire-manifest.json --target compose,helm --output out");
        output.ShouldContain("Exit codes:");
    }

    [Fact]
    public void Publishing_twice_gives_the_same_bytes()
    {
        PublishResult Publish() => Publisher.Publish(
            System.Text.Encoding.UTF8.GetBytes(Samples.Everything), new PublishRequest([new PlainTarget("plain")], null, new PlanOptions()));

        Publish().Folders[0].Files.Select(static f => (f.Path, f.Text)).ShouldBe(Publish().Folders[0].Files.Select(static f => (f.Path, f.Text)));
    }

    [Fact]
    public void Every_number_has_a_section_on_the_page()
    {
        var page = DiagnosticPage.Render();

        DiagnosticCatalogue.All.Select(static d => d.Number).ShouldBeUnique();
        DiagnosticCatalogue.All.ShouldAllBe(d => page.Contains($"\n## {d.Number}\n") && d.Example.Length > 0 && d.Remedy.Length > 0);
        typeof(DiagnosticCatalogue).GetFields().Length.ShouldBe(DiagnosticCatalogue.All.Count);
    }

    private string Out => Path.Combine(_root, "out");

    private (int Code, string Output, string Error) Run(string manifest, params string[] args)
    {
        var path = Path.Combine(_root, "manifest.json");
        File.WriteAllText(path, manifest);
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = PublishCommand.Run([path, .. args], [new PlainTarget("plain"), new PlainTarget("other")], output, error);
        return (code, output.ToString(), error.ToString());
    }

    /// <summary>The least a target can be: one text per workload, with hosts by name.</summary>
    private sealed class PlainTarget(string name) : PublishTarget
    {
        public override string Name => name;

        public override string Description => "Plain texts.";

        public override IReadOnlyDictionary<Feature, FeatureSupport> Support { get; } = Enum.GetValues<Feature>()
            .ToDictionary(static f => f, static f => f == Feature.UdpEndpoints ? new FeatureSupport(SupportLevel.No, "no datagrams") : new FeatureSupport(SupportLevel.Yes, "as it is"));

        public override void Write(DeploymentPlan plan, OutputFolder output)
        {
            foreach (var workload in plan.Workloads.Where(static w => w.Kind is WorkloadKind.Project))
            {
                var lines = workload.Environment.Select(e => $"{e.Name}={e.Value.Render(new Renderer(plan))}");
                output.AddText($"{workload.Name}.txt", string.Join('\n', lines));
            }
        }
    }

    private sealed class Renderer(DeploymentPlan plan) : IValueRenderer
    {
        public string Literal(string text) => text;

        public string Parameter(ParameterPart part) => $"${{{plan.Parameter(part.Name).Variable}}}";

        public string Image(ImagePart part) => plan.Workload(part.Workload).Image.Reference;

        public string Endpoint(EndpointPart part) => part.Property switch
        {
            EndpointProperty.Host => plan.Workload(part.Workload).Name,
            EndpointProperty.Scheme => plan.Endpoint(part).Scheme,
            EndpointProperty.TlsEnabled => "False",
            _ => $"{plan.Endpoint(part).TargetPort}",
        };
    }
}
