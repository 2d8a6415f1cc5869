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
        var json = Planning.Resources("\"a\": { \"type\": \"container.v0\", \"image\": \"a:1\", \"bindings\": { \"u\": { \"scheme\": \"udp\", \"protocol\": \"udp\", \"transport\": \"udp\", \"targetPort\": 5 } } }");

        var (code, _, error) = Run(json, "--output", Out);

        code.ShouldBe(1);
        error.ShouldContain("LUCIA1603");
        error.ShouldContain("UdpEndpoints: no datagrams");
    }

    [Fact]
    public void What_a_target_cannot_express_is_told_where_it_stands()
    {
        var json = Planning.Resources("\"a\": { \"type\": \"container.v0\", \"image\": \"a:1\", \"bindings\": { \"u\": { \"scheme\": \"udp\", \"protocol\": \"udp\", \"transport\": \"udp\", \"targetPort\": 5 } } }");

        Run(json, "--output", Out).Error.ShouldContain("LUCIA1603 error at $.resources.a.bindings.u (line 1,");
    }

    [Theory]
    [InlineData("--explain")]
    [InlineData("--dry-run")]
    public void What_publishing_would_refuse_is_refused_when_one_only_asks(string option)
    {
        var json = Planning.Resources("\"a\": { \"type\": \"container.v0\", \"image\": \"a:1\", \"bindMounts\": [ { \"source\": \"/var/run/docker.sock\", \"target\": \"/var/run/docker.sock\" } ] }");

        var (code, output, error) = Run(PublishTargets.All, json, "--output", Out, option);

        code.ShouldBe(1);
        error.ShouldContain("LUCIA1603 error at $.resources.a.bindMounts[0] (line 1,");
        output.Contains("BindMounts\t1", StringComparison.Ordinal).ShouldBe(option == "--explain", "the table is shown all the same");
    }

    [Fact]
    public void A_dry_run_refuses_what_somebody_else_wrote()
    {
        Directory.CreateDirectory(Path.Combine(Out, "plain"));
        File.WriteAllText(Path.Combine(Out, "plain", "web.txt"), "mine");

        var (code, _, error) = Run(Samples.Everything, "--output", Out, "--dry-run");

        code.ShouldBe(1);
        error.ShouldContain("LUCIA1605");
    }

    [Fact]
    public void A_fault_of_a_target_is_told_with_its_number_and_where_to_report_it()
    {
        var (code, _, error) = Run([new PlainTarget("plain"), new FaultyTarget()], Samples.Everything, "--output", Out, "--quiet");

        code.ShouldBe(1);
        error.ShouldContain("LUCIA1606 error at $: NotImplementedException while making the files of faulty: Nobody foresaw this.");
        error.ShouldContain("https://github.com/seiggy/lucia-dotnet/issues");
        error.ShouldContain("1 error; nothing was written.");
        error.Split('\n').ShouldNotContain(static line => line.TrimStart().StartsWith("at ", StringComparison.Ordinal), "no stack trace");
        Directory.Exists(Out).ShouldBeFalse();
    }

    [Fact]
    public void A_fault_of_the_program_itself_is_told_likewise()
    {
        using var error = new StringWriter();

        PublishCommand.Run(["--support"], [new PlainTarget("plain")], new BrokenWriter(), error).ShouldBe(1);

        error.ToString().ShouldStartWith("LUCIA1606 error: NotImplementedException while publishing");
    }

    [Theory]
    [InlineData("Shop.AppHost", "shop")]
    [InlineData("My Shop", "my-shop")]
    [InlineData("shop/deploy", "shop")]
    [InlineData("Shop.AppHost/aspire-output", "shop")]
    public void Without_a_name_the_application_is_called_as_its_folder_and_that_is_said(string folder, string name)
    {
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(_root, folder)).FullName, "aspire-manifest.json");
        File.WriteAllText(path, Samples.Everything);
        using var output = new StringWriter();
        using var error = new StringWriter();

        PublishCommand.Run([path, "--output", Out, "--target", "compose"], PublishTargets.All, output, error).ShouldBe(0, error.ToString());

        File.ReadAllText(Path.Combine(Out, "compose", "docker-compose.yml")).ShouldContain($"\nname: {name}\n");
        error.ToString().ShouldContain($"LUCIA1420 notice at $: The application is called '{name}'.");
    }

    [Fact]
    public void A_name_that_is_given_needs_no_notice()
    {
        var (_, _, error) = Run(Samples.Everything, "--output", Out, "--name", "shop");

        error.ShouldNotContain("LUCIA1420");
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
    [InlineData("--target", ",")]
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

    private (int Code, string Output, string Error) Run(string manifest, params string[] args) => Run([new PlainTarget("plain"), new PlainTarget("other")], manifest, args);

    private (int Code, string Output, string Error) Run(IReadOnlyList<PublishTarget> targets, string manifest, params string[] args)
    {
        var path = Path.Combine(_root, "manifest.json");
        File.WriteAllText(path, manifest);
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = PublishCommand.Run([path, .. args], targets, output, error);
        return (code, output.ToString(), error.ToString());
    }

    private sealed class FaultyTarget : PublishTarget
    {
        public override string Name => "faulty";

        public override string Description => "Fails.";

        public override IReadOnlyDictionary<Feature, FeatureSupport> Support { get; } =
            Enum.GetValues<Feature>().ToDictionary(static f => f, static _ => new FeatureSupport(SupportLevel.Yes, "as it is"));

        public override void Write(DeploymentPlan plan, OutputFolder output) => throw new NotImplementedException("Nobody foresaw this.");
    }

    private sealed class BrokenWriter : StringWriter
    {
        public override void Write(string? value) => throw new NotImplementedException("Nobody foresaw this.");
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
