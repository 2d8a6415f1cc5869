using System.Text;
using System.Text.Json;
using Lucia.Publishing.Tests.Text;

namespace Lucia.Publishing.Tests.Compose;

/// <summary>The programs that will read the files judge them.</summary>
public sealed class ComposeValidationTests
{
    private static readonly (string Name, string Value)[] Brought =
    [
        ("CHAT_MODEL", "Endpoint=http://x/v1;Model=m;Provider=ollama"), ("TOKEN", "t0ken"), ("OUTSIDE_TCP_HOST", "db.example.org"),
        ("GREETING", "hel$lo #1 'x' \"y\" \\z"), ("KEY", "k&y/=?"),
    ];

    public static TheoryData<string> Names() => [.. ComposeOutput.Samples.Keys];

    [Theory, MemberData(nameof(Names))]
    public async Task Docker_compose_reads_it_with_each_override(string sample)
    {
        using var output = ComposeOutput.Of(sample);
        await output.SetUpAsync(TestContext.Current.CancellationToken, Brought);
        await Engine.NeedComposeAsync();

        foreach (var extra in output.Files.Files.Select(static f => f.Path).Where(static p => p.StartsWith("docker-compose.", StringComparison.Ordinal)))
        {
            string[] files = extra == "docker-compose.yml" ? ["-f", extra] : ["-f", "docker-compose.yml", "-f", extra];
            var run = await Command.RunAsync("docker", ["compose", .. files, "--profile", "*", "config", "--quiet"], output.Folder, TestContext.Current.CancellationToken);

            run.ExitCode.ShouldBe(0, $"{extra}: {run.Error}");
            run.Error.ShouldBeEmpty(extra);
        }
    }

    [Fact]
    public async Task Values_reach_the_service_as_the_manifest_has_them()
    {
        using var output = ComposeOutput.Of("corners");
        await output.SetUpAsync(TestContext.Current.CancellationToken, Brought);

        using var config = await ConfigAsync(output);
        var gate = config.RootElement.GetProperty("services").GetProperty("gate");
        // `config` prints a file that is to be read again, so a dollar is doubled in it.
        string Env(string name) => gate.GetProperty("environment").GetProperty(name).GetString()!.Replace("$$", "$");

        Env("DOLLARS").ShouldBe("$A ${B} $$C $(D)");
        Env("QUOTES").ShouldBe("it's \"quoted\" \\ and # not a comment");
        Env("LINES").ShouldBe("one\n two: three\n");
        (Env("NUMBER"), Env("YES"), Env("EMPTY"), Env("LEVEL")).ShouldBe(("0123", "yes", "", "Info"));
        Env("PATTERN").ShouldBe("^a{2}$ 'x'", "a default that cannot stand in the compose file is in .env");
        Env("GREETING").ShouldBe("Say hel$lo #1 'x' \"y\" \\z, ^a{2}$ 'x'!");
        gate.GetProperty("command")[1].GetString()!.Replace("$$", "$").ShouldBe("echo \"$HOME\" ${USER:-nobody} $$ && exec nginx -g 'daemon off;'");
        gate.GetProperty("ports").EnumerateArray().Select(static p => p.GetProperty("host_ip").GetString()).ShouldBe(["127.0.0.1", "127.0.0.1"]);
    }

    [Fact]
    public async Task Any_text_reaches_the_service_unchanged()
    {
        var texts = RandomTexts.All("abAB01 '\"\\$`!*/?#%&=+~_-\n\t€{}[]:,|>@", 1000).Where(static t => t.EnumerateRunes().All(static r => r.Value is not (0 or 0xFFFD))).ToList();
        var environment = new System.Text.Json.Nodes.JsonObject(texts.Select(static (text, i) => KeyValuePair.Create($"V{i}", (System.Text.Json.Nodes.JsonNode?)text)));
        using var output = ComposeOutput.Of($$"""{ "resources": { "w": { "type": "container.v0", "image": "nginx:1.29", "env": {{environment.ToJsonString()}} } } }""");

        using var config = await ConfigAsync(output);

        var read = config.RootElement.GetProperty("services").GetProperty("w").GetProperty("environment");
        texts.Count.ShouldBeGreaterThan(500);
        for (var i = 0; i < texts.Count; i++)
            read.GetProperty($"V{i}").GetString()!.Replace("$$", "$").ShouldBe(texts[i]);
    }

    [Fact]
    public async Task Development_runs_the_mounted_sources_as_their_owner()
    {
        using var output = ComposeOutput.Of("house");
        await output.SetUpAsync(TestContext.Current.CancellationToken, Brought);

        using var config = await ConfigAsync(output, "-f", "docker-compose.yml", "-f", "docker-compose.dev.yml");
        var agentHost = config.RootElement.GetProperty("services").GetProperty("agenthost");

        agentHost.GetProperty("user").GetString().ShouldBe("1000:1000");
        agentHost.GetProperty("build").GetProperty("dockerfile").GetString().ShouldBe("deploy/docker/Dockerfile.dev");
        agentHost.TryGetProperty("read_only", out _).ShouldBeFalse();
        agentHost.GetProperty("tmpfs").EnumerateArray().Select(static t => t.GetString()).ShouldBe(["/tmp:mode=1777", "/home/dev:exec,mode=1777"]);
        agentHost.GetProperty("environment").GetProperty("Logging__LogLevel__Default").GetString().ShouldBe("Debug");
        agentHost.GetProperty("healthcheck").GetProperty("disable").GetBoolean().ShouldBeTrue();
        agentHost.GetProperty("secrets").GetArrayLength().ShouldBe(5, "it gets the same secrets");
        var sources = agentHost.GetProperty("volumes").EnumerateArray().Single();
        sources.GetProperty("target").GetString().ShouldBe("/src");
        sources.GetProperty("source").GetString().ShouldBe(Path.GetFullPath(Path.Combine(output.Folder, "..", "..")));
    }

    [Fact]
    public async Task A_service_may_wait_for_one_that_is_off()
    {
        using var output = ComposeOutput.Of("""
            { "resources": {
              "web": { "type": "container.v0", "image": "nginx:1.29", "env": { "CACHE": "{redis.bindings.tcp.host}" } },
              "redis": { "type": "container.v0", "image": "redis:8.2-alpine", "bindings": { "tcp": { "scheme": "tcp", "protocol": "tcp", "transport": "tcp", "targetPort": 6379 } } },
              "d": { "type": "lucia.deployment.v0", "workloads": { "redis": { "optional": true } } } } }
            """);

        output.Get("services.web.depends_on.redis.required").ShouldBe("false");
        using var off = await ConfigAsync(output);
        off.RootElement.GetProperty("services").EnumerateObject().Select(static s => s.Name).ShouldBe(["web"]);
        using var on = await ConfigAsync(output, "--profile", "redis");
        on.RootElement.GetProperty("services").EnumerateObject().Select(static s => s.Name).ShouldBe(["redis", "web"]);
    }

    [Fact]
    public async Task A_required_value_that_is_missing_is_named()
    {
        using var output = ComposeOutput.Of("everything");
        await Engine.NeedComposeAsync();

        var run = await Command.RunAsync("docker", ["compose", "config", "--quiet"], output.Folder, TestContext.Current.CancellationToken);

        run.ExitCode.ShouldNotBe(0);
        run.Error.ShouldContain("run ./setup.sh");
    }

    [Theory, MemberData(nameof(Names))]
    public async Task It_fits_the_compose_specification(string sample)
    {
        const string script = """
            const [schemaPath, ajvPath] = process.argv.slice(1);
            const schema = require(schemaPath);
            schema.$schema = 'http://json-schema.org/draft-07/schema#';
            const validate = new (require(ajvPath))({ strict: false, allErrors: true, validateFormats: false }).compile(schema);
            const document = JSON.parse(require('fs').readFileSync(0, 'utf8'));
            if (!validate(document)) { console.log(JSON.stringify(validate.errors, null, 1)); process.exit(1); }
            """;
        var modules = Path.Combine(Repository.Root, "node_modules");
        var schema = Path.Combine(modules, "dclint", "schemas", "compose.schema.json");
        if (!File.Exists(schema))
            Assert.Skip("node_modules has no dclint: run 'npm ci --ignore-scripts' in the repository root.");
        using var output = ComposeOutput.Of(sample);

        foreach (var file in output.Files.Files.Select(static f => f.Path).Where(static p => p.EndsWith(".yml", StringComparison.Ordinal)))
        {
            var json = JsonSerializer.Serialize(Typed(output.Text(file)));
            var run = await Command.RunAsync("node", ["-e", script, schema, Path.Combine(modules, "ajv")], output.Folder, TestContext.Current.CancellationToken, json);

            run.ExitCode.ShouldBe(0, $"{file}: {run.Output}{run.Error}");
        }
    }

    /// <summary>The samples, and manifests whose scripts need hardly any of their functions or hold texts that shells take for more.</summary>
    public static TheoryData<string> Checked() =>
    [
        .. ComposeOutput.Samples.Keys,
        """{ "resources": { "a": { "type": "container.v0", "image": "acme/a:1" } } }""",
        """{ "resources": { "a": { "type": "project.v0", "path": "A/A.csproj" } } }""",
        """{ "resources": { "a": { "type": "executable.v0", "workingDirectory": "a", "command": "node" } } }""",
        """
        { "resources": { "a": { "type": "container.v0", "image": "acme/a:1", "env": { "K": "{k.value}", "E": "{e.value}" } },
          "e": { "type": "annotated.string", "value": "{k.value}", "filter": "uri" },
          "k": { "type": "parameter.v0", "value": "{k.inputs.value}", "inputs": { "value": { "type": "string", "default": { "value": "a b" } } } } } }
        """,
        $$"""
        { "resources": {
          "a": { "type": "container.v1", "build": { "context": ".", "dockerfile": "Dockerfile", "args": { "U": "x y$z'`q`" } }, "env": { "P": "{p.value}", "Q": "{q.value}" } },
          "p": { "type": "parameter.v0", "value": "{p.inputs.value}", "inputs": { "value": { "type": "string", "default": { "value": "a$b'c" } } } },
          {{Tests.Samples.Parameter("q")}} } }
        """,
    ];

    [Theory, MemberData(nameof(Checked))]
    public async Task Shellcheck_and_yamllint_have_nothing_to_say(string sample)
    {
        using var output = ComposeOutput.Of(sample);
        var files = output.Files.Files.Select(static f => f.Path).ToList();

        var shell = await Command.RunAsync("shellcheck", [.. files.Where(static f => f.EndsWith(".sh", StringComparison.Ordinal))], output.Folder, TestContext.Current.CancellationToken);
        var yaml = await Command.RunAsync(
            "yamllint", ["-s", "-d", "{extends: default, rules: {line-length: disable, document-start: disable}}", .. files.Where(static f => f.EndsWith(".yml", StringComparison.Ordinal))],
            output.Folder, TestContext.Current.CancellationToken);

        (shell.Output + shell.Error + yaml.Output + yaml.Error).ShouldBeEmpty();
        (shell.ExitCode, yaml.ExitCode).ShouldBe((0, 0));
    }

    private static async Task<JsonDocument> ConfigAsync(ComposeOutput output, params string[] options)
    {
        await Engine.NeedComposeAsync();
        var run = await Command.RunAsync("docker", ["compose", .. options, "config", "--format", "json"], output.Folder, TestContext.Current.CancellationToken);
        run.ExitCode.ShouldBe(0, run.Error);
        return JsonDocument.Parse(Encoding.UTF8.GetBytes(run.Output));
    }

    // Plain scalars get the type a YAML reader gives them.
    private static object? Typed(string yaml) =>
        new YamlDotNet.Serialization.DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build().Deserialize<Dictionary<string, object>>(yaml) is { } read
            ? Plain(read)
            : null;

    private static object? Plain(object? value) => value switch
    {
        IDictionary<string, object> map => map.ToDictionary(static e => e.Key, static e => Plain(e.Value)),
        IDictionary<object, object> map => map.ToDictionary(static e => e.Key.ToString()!, static e => Plain(e.Value)),
        IList<object> list => list.Select(Plain).ToList(),
        _ => value,
    };
}
