using Lucia.Publishing.Diagnostics;
using static Lucia.Publishing.Tests.Planning;
using static Lucia.Publishing.Tests.Samples;

namespace Lucia.Publishing.Tests.Manifest;

public sealed class BrokenManifestTests
{
    private const string Image = "\"type\": \"container.v0\", \"image\": \"nginx:1.29\"";
    private const string Binding = "\"scheme\": \"http\", \"protocol\": \"tcp\", \"transport\": \"http\"";

    /// <summary>What is wrong, the manifest, the number, the path, a piece of the remedy.</summary>
    public static TheoryData<string, string, string, string, string> Broken()
    {
        var table = new TheoryData<string, string, string, string, string>
        {
            { "empty file", "", "LUCIA1002", "$", "line and column" },
            { "cut off", "{ \"resources\": {", "LUCIA1002", "$", "line and column" },
            { "trailing comma", "{ \"resources\": { }, }", "LUCIA1002", "$", "line and column" },
            { "comment", "{ /* a */ \"resources\": { } }", "LUCIA1002", "$", "line and column" },
            { "two roots", "{ \"resources\": { } } { }", "LUCIA1002", "$", "line and column" },
            { "half a surrogate", Resources("\"a\": { \"type\": \"\\ud800\" }"), "LUCIA1002", "$", "line and column" },
            { "a list", "[]", "LUCIA1003", "$", "`resources` object" },
            { "no resources", "{ \"services\": { } }", "LUCIA1003", "$", "`resources` object" },
            { "resources is a list", "{ \"resources\": [] }", "LUCIA1003", "$", "`resources` object" },
            { "name twice", Resources($"{Redis}, {Redis}"), "LUCIA1004", "$.resources.redis", "rename" },
            { "name twice but for case", Resources($"{Redis}, \"Redis\": {{ {Image} }}"), "LUCIA1004", "$.resources.Redis", "rename" },
            { "variable twice", Resources($"\"a\": {{ {Image}, \"env\": {{ \"B\": \"1\", \"B\": \"2\" }} }}"), "LUCIA1004", "$.resources.a.env.B", "rename" },
            { "resource is a text", Resources("\"a\": \"b\""), "LUCIA1005", "$.resources.a", "object" },
            { "type is a number", Resources("\"a\": { \"type\": 1 }"), "LUCIA1005", "$.resources.a.type", "text" },
            { "args is a text", Resources($"\"a\": {{ {Image}, \"args\": \"b\" }}"), "LUCIA1005", "$.resources.a.args", "list" },
            { "argument is a number", Resources($"\"a\": {{ {Image}, \"args\": [\"b\", 1] }}"), "LUCIA1005", "$.resources.a.args[1]", "text" },
            { "variable is a number", Resources($"\"a\": {{ {Image}, \"env\": {{ \"B\": 1 }} }}"), "LUCIA1005", "$.resources.a.env.B", "quotes" },
            { "external is a number", Resources($"\"a\": {{ {Image}, \"bindings\": {{ \"http\": {{ {Binding}, \"external\": 1 }} }} }}"), "LUCIA1005", "$.resources.a.bindings.http.external", "true or false" },
            { "binding is a text", Resources($"\"a\": {{ {Image}, \"bindings\": {{ \"http\": \"x\" }} }}"), "LUCIA1005", "$.resources.a.bindings.http", "object" },
            { "no type", Resources("\"a\": { \"image\": \"nginx\" }"), "LUCIA1006", "$.resources.a", "container.v0" },
            { "container without image", Resources("\"a\": { \"type\": \"container.v0\" }"), "LUCIA1007", "$.resources.a.image", "image" },
            { "project without path", Resources("\"a\": { \"type\": \"project.v0\" }"), "LUCIA1007", "$.resources.a.path", "path" },
            { "executable without command", Resources("\"a\": { \"type\": \"executable.v0\", \"workingDirectory\": \".\" }"), "LUCIA1007", "$.resources.a.command", "command" },
            { "parameter without value", Resources("\"a\": { \"type\": \"parameter.v0\", \"inputs\": { } }"), "LUCIA1007", "$.resources.a.value", "value" },
            { "annotated string without filter", Resources("\"a\": { \"type\": \"annotated.string\", \"value\": \"x\" }"), "LUCIA1007", "$.resources.a.filter", "filter" },
            { "binding without scheme", Resources($"\"a\": {{ {Image}, \"bindings\": {{ \"http\": {{ \"protocol\": \"tcp\", \"transport\": \"http\" }} }} }}"), "LUCIA1007", "$.resources.a.bindings.http.scheme", "scheme" },
            { "volume without target", Resources($"\"a\": {{ {Image}, \"volumes\": [ {{ \"name\": \"v\" }} ] }}"), "LUCIA1007", "$.resources.a.volumes[0].target", "target" },
            { "Aspire's own error", Resources("\"a\": { \"error\": \"This resource does not support generation in the manifest.\" }"), "LUCIA1008", "$.resources.a", "ExcludeFromManifest" },
            { "Azure", Resources("\"a\": { \"type\": \"azure.bicep.v0\", \"path\": \"x\" }"), "LUCIA1009", "$.resources.a", "--skip-unsupported" },
            { "AWS", Resources("\"a\": { \"type\": \"aws.cloudformation.stack.v0\" }"), "LUCIA1009", "$.resources.a", "--skip-unsupported" },
            { "Dapr", Resources("\"a-dapr\": { \"type\": \"dapr.v0\" }"), "LUCIA1009", "$.resources['a-dapr']", "--skip-unsupported" },
            { "old preview", Resources("\"a\": { \"type\": \"redis.v0\" }"), "LUCIA1009", "$.resources.a", "--skip-unsupported" },
            { "space in a name", Resources($"\"my web\": {{ {Image} }}"), "LUCIA1010", "$.resources['my web']", "Rename" },
            { "port too large", Resources($"\"a\": {{ {Image}, \"bindings\": {{ \"http\": {{ {Binding}, \"targetPort\": 70000 }} }} }}"), "LUCIA1201", "$.resources.a.bindings.http.targetPort", "65535" },
            { "port with a fraction", Resources($"\"a\": {{ {Image}, \"bindings\": {{ \"http\": {{ {Binding}, \"port\": 80.5 }} }} }}"), "LUCIA1201", "$.resources.a.bindings.http.port", "65535" },
            { "unknown protocol", Resources($"\"a\": {{ {Image}, \"bindings\": {{ \"x\": {{ \"scheme\": \"x\", \"protocol\": \"quic\", \"transport\": \"tcp\" }} }} }}"), "LUCIA1202", "$.resources.a.bindings.x.protocol", "tcp or udp" },
            { "unknown filter", Resources($"{Container("w", "{a.value}")}, \"a\": {{ \"type\": \"annotated.string\", \"value\": \"x\", \"filter\": \"html\" }}"), "LUCIA1202", "$.resources.a.filter", "uri" },
            { "unknown input type", Resources("\"a\": { \"type\": \"parameter.v0\", \"value\": \"{a.inputs.value}\", \"inputs\": { \"value\": { \"type\": \"int\" } } }"), "LUCIA1202", "$.resources.a.inputs.value.type", "string" },
            { "relative mount", Resources($"\"a\": {{ {Image}, \"volumes\": [ {{ \"name\": \"v\", \"target\": \"data\" }} ] }}"), "LUCIA1203", "$.resources.a.volumes[0].target", "absolute" },
            { "mount over /proc", Resources($"\"a\": {{ {Image}, \"bindMounts\": [ {{ \"source\": \"x\", \"target\": \"/proc\" }} ] }}"), "LUCIA1203", "$.resources.a.bindMounts[0].target", "absolute" },
            { "mounted twice", Resources($"\"a\": {{ {Image}, \"volumes\": [ {{ \"name\": \"v\", \"target\": \"/d\" }}, {{ \"name\": \"w\", \"target\": \"/d/\" }} ] }}"), "LUCIA1203", "$.resources.a.volumes[1].target", "own absolute path" },
            { "bad image", Resources("\"a\": { \"type\": \"container.v0\", \"image\": \"My Image\" }"), "LUCIA1204", "$.resources.a.image", "reference" },
            { "bad variable", Resources($"\"a\": {{ {Image}, \"env\": {{ \"B=C\": \"1\" }} }}"), "LUCIA1205", "$.resources.a.env['B=C']", "Rename" },
            { "neither image nor build", Resources("\"a\": { \"type\": \"container.v1\" }"), "LUCIA1206", "$.resources.a", "exactly one" },
            { "both image and build", Resources("\"a\": { \"type\": \"container.v1\", \"image\": \"nginx\", \"build\": { \"context\": \".\", \"dockerfile\": \"D\" } }"), "LUCIA1206", "$.resources.a", "exactly one" },
            { "nothing to generate from", Resources("\"a\": { \"type\": \"parameter.v0\", \"value\": \"{a.inputs.value}\", \"inputs\": { \"value\": { \"type\": \"string\", \"default\": { \"generate\": { \"minLength\": 9, \"lower\": false, \"upper\": false, \"numeric\": false, \"special\": false } } } } }"), "LUCIA1207", "$.resources.a.inputs.value.default.generate", "recipe" },
            { "length of zero", Resources("\"a\": { \"type\": \"parameter.v0\", \"value\": \"{a.inputs.value}\", \"inputs\": { \"value\": { \"type\": \"string\", \"default\": { \"generate\": { \"minLength\": 0 } } } } }"), "LUCIA1207", "$.resources.a.inputs.value.default.generate.minLength", "1 to 1024" },
            { "NUL in a text", Resources($"\"a\": {{ {Image}, \"env\": {{ \"B\": \"\\u0000\" }} }}"), "LUCIA1208", "$.resources.a.env.B", "Remove" },
            { "brace not closed", Resources($"{Redis}, {Container("w", "{redis.bindings.tcp.host")}"), "LUCIA1301", "$.resources.w.env.X", "{resource.path}" },
            { "empty part", Resources($"{Redis}, {Container("w", "{redis..host}")}"), "LUCIA1301", "$.resources.w.env.X", "{resource.path}" },
            { "spaces in a reference", Resources($"{Redis}, {Container("w", "{ redis.connectionString }")}"), "LUCIA1301", "$.resources.w.env.X", "{resource.path}" },
            { "resource without property", Resources($"{Redis}, {Container("w", "{redis}")}"), "LUCIA1301", "$.resources.w.env.X", "{resource.path}" },
            { "unknown resource", Resources($"{Redis}, {Container("w", "{rediss.connectionString}")}"), "LUCIA1302", "$.resources.w.env.X", "Did you mean 'redis'?" },
            { "unknown property", Resources($"{Redis}, {Container("w", "{redis.conectionString}")}"), "LUCIA1303", "$.resources.w.env.X", "Did you mean 'connectionString'?" },
            { "half a binding", Resources($"{Redis}, {Container("w", "{redis.bindings.tcp}")}"), "LUCIA1303", "$.resources.w.env.X", "{resource.bindings.name.property}" },
            { "unknown binding", Resources($"{Redis}, {Container("w", "{redis.bindings.tpc.host}")}"), "LUCIA1304", "$.resources.w.env.X", "Did you mean 'tcp'?" },
            { "binding of a parameter", Resources($"{Parameter("p")}, {Container("w", "{p.bindings.tcp.host}")}"), "LUCIA1304", "$.resources.w.env.X", "resource that runs" },
            { "unknown binding property", Resources($"{Redis}, {Container("w", "{redis.bindings.tcp.hots}")}"), "LUCIA1305", "$.resources.w.env.X", "Did you mean 'host'?" },
            { "unknown input", Resources($"{Parameter("p")}, {Container("w", "{p.inputs.vaule}")}"), "LUCIA1306", "$.resources.w.env.X", "Did you mean 'value'?" },
            { "circle of one", Resources($"\"v\": {{ \"type\": \"value.v0\", \"connectionString\": \"{{v.connectionString}}\" }}, {Container("w", "x")}"), "LUCIA1307", "$.resources.v.connectionString", "Break the circle" },
            { "circle of two", Resources($"\"a\": {{ \"type\": \"value.v0\", \"connectionString\": \"{{b.connectionString}}\" }}, \"b\": {{ \"type\": \"value.v0\", \"connectionString\": \"{{a.connectionString}}\" }}, {Container("w", "{a.connectionString}")}"), "LUCIA1307", "$.resources.a.connectionString", "Break the circle" },
            { "no connection string", Resources($"{Container("v", "x")}, {Container("w", "{v.connectionString}")}"), "LUCIA1308", "$.resources.w.env.X", "connection string" },
            { "grows without end", Resources(Doubling(20) + ", " + Container("w", "{v20.connectionString}")), "LUCIA1309", "$.resources.v14.connectionString", "Simplify" },
            { "encoded twice", Resources($"{Parameter("p")}, \"a\": {{ \"type\": \"annotated.string\", \"value\": \"{{p.value}}\", \"filter\": \"uri\" }}, \"b\": {{ \"type\": \"annotated.string\", \"value\": \"{{a.value}}\", \"filter\": \"uri\" }}, {Container("w", "{b.value}")}"), "LUCIA1310", "$.resources.w.env.X", "once" },
            { "secret in an argument", Resources($"{Parameter("p", secret: true)}, \"w\": {{ {Image}, \"args\": [ \"--key={{p.value}}\" ] }}"), "LUCIA1401", "$.resources.w.args[0]", "environment variable" },
            { "secret in a build argument", Resources($"{Parameter("p", secret: true)}, \"w\": {{ \"type\": \"container.v1\", \"build\": {{ \"context\": \".\", \"dockerfile\": \"D\", \"args\": {{ \"K\": \"{{p.value}}\" }} }} }}"), "LUCIA1401", "$.resources.w.build.args.K", "build secret" },
            { "names become the same", Resources($"\"my-app\": {{ {Image} }}, \"my_app\": {{ {Image} }}"), "LUCIA1402", "$.resources.my_app", "Rename" },
            { "volumes become the same", Resources($"\"a\": {{ {Image}, \"volumes\": [ {{ \"name\": \"my.data\", \"target\": \"/a\" }}, {{ \"name\": \"my-data\", \"target\": \"/b\" }} ] }}"), "LUCIA1402", "$.resources.a.volumes[1]", "Rename" },
            { "nothing runs", Resources(Parameter("p")), "LUCIA1410", "$", "workload" },
            { "profile of an unknown workload", Resources($"{Redis}, \"d\": {{ \"type\": \"lucia.deployment.v0\", \"workloads\": {{ \"rediss\": {{ }} }} }}"), "LUCIA1501", "$.resources.d.workloads.rediss", "Did you mean 'redis'?" },
            { "profile of an unknown endpoint", Resources($"{Redis}, \"d\": {{ \"type\": \"lucia.deployment.v0\", \"workloads\": {{ \"redis\": {{ \"endpoints\": {{ \"http\": {{ }} }} }} }} }}"), "LUCIA1501", "$.resources.d.workloads.redis.endpoints.http", "tcp" },
            { "profile with a bad quantity", Resources($"{Redis}, \"d\": {{ \"type\": \"lucia.deployment.v0\", \"workloads\": {{ \"redis\": {{ \"limits\": {{ \"memory\": \"lots\" }} }} }} }}"), "LUCIA1502", "$.resources.d.workloads.redis.limits.memory", "256Mi" },
            { "profile with an unknown member", Resources($"{Redis}, \"d\": {{ \"type\": \"lucia.deployment.v0\", \"workload\": {{ }} }}"), "LUCIA1502", "$.resources.d.workload", "Did you mean 'workloads'?" },
            { "profile with an unknown target", Resources($"{Redis}, \"d\": {{ \"type\": \"lucia.deployment.v0\", \"workloads\": {{ \"redis\": {{ \"targets\": [ \"compose\", \"docker\" ] }} }} }}"), "LUCIA1501", "$.resources.d.workloads.redis.targets[1]", "Known targets: compose, kubernetes, helm, systemd." },
            { "profile of a volume where there is none", Resources($"{Redis}, \"d\": {{ \"type\": \"lucia.deployment.v0\", \"workloads\": {{ \"redis\": {{ \"volumes\": {{ \"data\": {{ }} }} }} }} }}"), "LUCIA1501", "$.resources.d.workloads.redis.volumes.data", "There are no volumes here." },
            { "profile with a file twice", Resources($"{Redis}, \"d\": {{ \"type\": \"lucia.deployment.v0\", \"workloads\": {{ \"redis\": {{ \"files\": [ {{ \"path\": \"/etc/a\", \"content\": \"\" }}, {{ \"path\": \"/etc/a\", \"content\": \"\" }} ] }} }} }}"), "LUCIA1502", "$.resources.d.workloads.redis.files[1].path", "another path" },
            { "two profiles", Resources($"{Redis}, \"d\": {{ \"type\": \"lucia.deployment.v0\" }}, \"e\": {{ \"type\": \"lucia.deployment.v0\" }}"), "LUCIA1503", "$.resources.e", "Merge" },
        };
        return table;
    }

    [Theory, MemberData(nameof(Broken))]
    public void A_broken_manifest_is_refused_with_number_place_and_remedy(string what, string json, string number, string path, string remedy)
    {
        var (plan, diagnostics) = Try(json);

        plan.ShouldBeNull(what);
        var finding = diagnostics.Errors.FirstOrDefault(d => d.Number == number && d.JsonPath == path);
        finding.ShouldNotBeNull($"{what}: found {string.Join(" | ", diagnostics.Errors)}");
        finding.Remedy.ShouldContain(remedy, Case.Sensitive, what);
        finding.Message.ShouldNotBeNullOrWhiteSpace();
    }

    [Fact]
    public void What_the_JSON_reader_says_to_programmers_is_left_out() =>
        Try("{ \"resources\": { }, }").Diagnostics.Errors.ShouldHaveSingleItem().Message.ShouldNotContain("reader options");

    [Fact]
    public void The_table_has_every_error_that_a_manifest_can_cause()
    {
        var shown = Broken().Select(static row => row.Data.Item3).ToHashSet();
        var output = new[] { "LUCIA1001" };
        var missing = DiagnosticCatalogue.All
            .Where(d => d.Severity == Severity.Error && string.CompareOrdinal(d.Number, "LUCIA1600") < 0 && !output.Contains(d.Number))
            .Select(static d => d.Number)
            .Except(shown);

        missing.ShouldBeEmpty();
        Broken().Count.ShouldBeGreaterThan(40);
    }

    [Fact]
    public void All_problems_are_told_in_one_run()
    {
        var (_, diagnostics) = Try(Resources(
            $"{Container("a", "{b.value}")}, \"c\": {{ \"type\": \"project.v0\" }}, \"d\": {{ \"type\": \"azure.bicep.v0\" }}, {Container("e", "{a.bindings.x.host}")}"));

        diagnostics.Errors.Select(static d => d.Number).Order().ShouldBe(["LUCIA1007", "LUCIA1009", "LUCIA1302", "LUCIA1304"]);
    }

    [Fact]
    public void A_shared_mistake_is_told_once_at_its_own_place()
    {
        var (_, diagnostics) = Try(Resources(
            $"\"v\": {{ \"type\": \"value.v0\", \"connectionString\": \"{{nobody.value}}\" }}, {Container("a", "{v.connectionString}")}, {Container("b", "{v.connectionString}")}"));

        diagnostics.Errors.ShouldHaveSingleItem().JsonPath.ShouldBe("$.resources.v.connectionString");
    }

    [Fact]
    public void Invalid_JSON_is_placed_by_line_and_column()
    {
        var (_, diagnostics) = Try("{\n  \"resources\": {\n    \"a\": nope\n  }\n}");

        var finding = diagnostics.Errors.ShouldHaveSingleItem();
        (finding.Line, finding.Column).ShouldBe((3, 11));
    }

    [Fact]
    public void A_finding_is_placed_by_line_and_column()
    {
        var (_, diagnostics) = Try("{ \"resources\": {\n  \"ä\": 1,\n  \"web\": { \"type\": 5 } } }");

        var finding = diagnostics.Errors.Single(static d => d.JsonPath == "$.resources.web.type");
        (finding.Line, finding.Column).ShouldBe((3, 20));
    }

    [Fact]
    public void A_missing_file_a_folder_and_a_huge_file_are_refused()
    {
        var folder = Directory.CreateTempSubdirectory("lucia-publishing-");
        try
        {
            var huge = Path.Combine(folder.FullName, "huge.json");
            using (var file = File.Create(huge))
                file.SetLength(17 * 1024 * 1024);
            foreach (var path in new[] { Path.Combine(folder.FullName, "none.json"), folder.FullName, huge })
            {
                var diagnostics = new DiagnosticBag();
                Publishing.Manifest.ManifestReader.ReadFile(path, diagnostics).ShouldBeNull();
                diagnostics.Errors.ShouldHaveSingleItem().Number.ShouldBe("LUCIA1001");
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_chain_deeper_than_any_use_is_refused_without_overflowing_the_stack()
    {
        var chain = Enumerable.Range(1, 20_000).Select(static i => $"\"v{i}\": {{ \"type\": \"value.v0\", \"connectionString\": \"{{v{i - 1}.connectionString}}\" }}");
        var members = "\"v0\": { \"type\": \"value.v0\", \"connectionString\": \"x\" }, " + string.Join(", ", chain.Reverse());

        var (plan, diagnostics) = Try(Resources($"{members}, {Container("w", "{v20000.connectionString}")}"));

        plan.ShouldBeNull();
        diagnostics.Errors.ShouldContain(static d => d.Number == "LUCIA1309");
    }

    private static string Doubling(int times) => $"{Parameter("p")}, \"v0\": {{ \"type\": \"value.v0\", \"connectionString\": \"{{p.value}}\" }}, "
        + string.Join(", ", Enumerable.Range(1, times).Select(static i =>
            $"\"v{i}\": {{ \"type\": \"value.v0\", \"connectionString\": \"{{v{i - 1}.connectionString}}{{v{i - 1}.connectionString}}\" }}"));
}
