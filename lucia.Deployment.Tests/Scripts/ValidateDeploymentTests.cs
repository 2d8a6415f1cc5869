using System.Text.RegularExpressions;
using Lucia.AgentHost.Tests.Support;
using Lucia.Deployment.Tests.Support;

namespace Lucia.Deployment.Tests.Scripts;

/// <summary><c>validate-deployment.sh</c>: everything wrong at once, before anything is started.</summary>
public sealed class ValidateDeploymentTests : IDisposable
{
    private readonly ScriptFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("compose")]
    [InlineData("kubernetes")]
    [InlineData("systemd")]
    public async Task A_sound_configuration_passes(string target)
    {
        SetUp(target, "HomeAssistant__BaseUrl=http://192.168.1.20:8123\nHomeAssistant__TimeoutSeconds=30\nLogging__LogLevel__Default=Debug\n");

        var run = await RunAsync(target);

        run.ExitCode.ShouldBe(0, run.Output + run.Error);
        run.Output.ShouldMatch($@"(?m)^{target}: \d+ passed, 0 failed, 0 warnings, [12] skipped$");
    }

    [Fact]
    public async Task Every_problem_is_named_at_once_with_a_remedy_and_without_a_secret()
    {
        SetUp(
            "compose", "HomeAssistant__BaseUrl=homeassistant:8123\nHomeAssistant__TimeoutSeconds=soon\nSessions__TtlHours=0\nHomeAssistant__ValidateSSL=maybe\nHomeAssistant__AllowedDomains=<your-domains>\nLUCIA_PORT=70000\nLUCIA_BIND=everywhere\n",
            ("auth-api-key", "s3cret"), ("redis-password", ""), ("home-assistant-access-token", "YOUR_TOKEN-s3cret"),
            ("chat-model", "Endpoint=http://192.168.1.30;Model=;Provider=chatty;AccessKey=s3cret;Modell=x"), ("embedding-model", "Model=text-embedding-3-small;Provider=openai"));

        var run = await RunAsync("compose");

        run.ExitCode.ShouldBe(78);
        foreach (var name in new[]
        {
            "HomeAssistant__BaseUrl", "HomeAssistant__TimeoutSeconds", "Sessions__TtlHours", "HomeAssistant__ValidateSSL", "HomeAssistant__AllowedDomains", "LUCIA_PORT", "LUCIA_BIND",
            "auth-api-key", "redis-password", "home-assistant-access-token", "chat-model", "embedding-model-access-key",
        })
            run.Output.ShouldMatch($"(?m)^fail  {name} .*\n +-> \\S", name);
        (run.Output + run.Error).ShouldNotContain("s3cret");
    }

    [Theory]
    [InlineData("Auth__RequestsPerMinute=abc", "From 10 to 100000")]
    [InlineData("Lucia__DrainSeconds=-1", "From 0 to 20")]
    [InlineData("Logging__Console__FormatterName=xml", "One of: simple json systemd")]
    [InlineData("HomeAssistant__ConfirmDomains=bogus!!", "Names separated by commas")]
    [InlineData("HomeAssistant__AllowedDomains=light; switch", "Names separated by commas")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=collector", "Such as http://")]
    public async Task What_the_service_would_refuse_is_refused_before_it_starts(string line, string remedy)
    {
        foreach (var target in new[] { "compose", "kubernetes", "systemd" })
        {
            SetUp(target, line + "\n");

            var run = await RunAsync(target);

            run.ExitCode.ShouldBe(78, target);
            run.Output.ShouldMatch($"(?m)^fail  {line.Split('=')[0]} .*\n +-> .*{remedy}", target);
        }
    }

    [Theory]
    [InlineData("compose")]
    [InlineData("kubernetes/base")]
    [InlineData("systemd")]
    public async Task Every_setting_that_has_a_shape_is_held_to_it(string folder)
    {
        var (target, file) = (folder.Split('/')[0], folder == "systemd" ? "lucia.env.example" : ".env.example");
        var settings = await File.ReadAllTextAsync(Path.Combine(Programs.Repository, "deploy", folder, file), TestContext.Current.CancellationToken);
        var names = Regex.Matches(settings, @"^# Allowed: (?!secret|Endpoint)(?:.*\n)(?:#.*\n)*?#? ?([A-Za-z_]+)=", RegexOptions.Multiline).Select(static match => match.Groups[1].Value).ToList();
        names.Count.ShouldBeGreaterThan(10);
        SetUp(target, string.Concat(names.Select(static name => $"{name}=b()gus!!\n")));

        var run = await RunAsync(target);

        foreach (var name in names) run.Output.ShouldMatch($"(?m)^fail  {name} ");
    }

    [Theory]
    [InlineData("compose", "HomeAssistant__TimeoutSecond=5", "Did you mean HomeAssistant__TimeoutSeconds\\?")]
    [InlineData("kubernetes", "HomeAsistant__BaseUrl=http://192.168.1.20", "Did you mean HomeAssistant__BaseUrl\\?")]
    [InlineData("systemd", "Session__TtlHours=5", "Did you mean Sessions__TtlHours\\?")]
    [InlineData("compose", "Wombat__Things=5", "names every setting")]
    [InlineData("compose", "ChatModel__AccessKey=s3cret-word", "secrets/chat-model-access-key")]
    public async Task A_name_that_nothing_reads_is_told_with_the_one_that_was_meant(string target, string line, string remedy)
    {
        SetUp(target, line + "\n");

        var run = await RunAsync(target);

        run.ExitCode.ShouldBe(78);
        run.Output.ShouldMatch($"(?m)^fail  {line.Split('=')[0]} .*\n +-> .*{remedy}");
        run.Output.ShouldNotContain("s3cret");
    }

    [Theory]
    [InlineData("systemd", "Kestrel__Limits__MaxRequestLineSize=8192\nLogging__LogLevel__Microsoft.AspNetCore=Debug\nHomeAssistant__AllowedDomains__0=light\nConnectionStrings__redis=redis.lan:6379")]
    [InlineData("compose", "My__Own=5\nHomeAssistant__ValidateSSL=Yes\nLogging__LogLevel__Default=debug\nHomeAssistant__ConfirmDomains=lock, cover:garage")]
    public async Task What_is_read_all_the_same_passes(string target, string settings)
    {
        SetUp(target, settings + "\n");
        _folder.Write("compose/docker-compose.override.yml", "services: { agenthost: { environment: { MINE: '${My__Own}' } } }\n");

        (await RunAsync(target)).Well();
    }

    [Fact]
    public async Task Without_secrets_it_says_so_in_its_own_words_alone()
    {
        SetUp("compose", "");
        File.Delete(_folder.At("compose/secrets/auth-api-key"));
        File.Delete(_folder.At("compose/secrets/chat-model"));

        var run = await RunAsync("compose");

        run.Output.ShouldMatch("(?m)^fail  auth-api-key +is not set");
        run.Output.ShouldMatch("(?m)^fail  chat-model +is not set");
        run.Error.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("compose", "http://localhost:11434", "host.docker.internal")]
    [InlineData("compose", "http://127.0.0.1:11434", "host.docker.internal")]
    [InlineData("compose", "http://[::1]:11434", "host.docker.internal")]
    [InlineData("compose", "http://ollama.local:11434", "mDNS")]
    [InlineData("kubernetes", "http://localhost:11434", "the pod itself")]
    [InlineData("kubernetes", "http://host.docker.internal:11434", "docker compose alone")]
    [InlineData("kubernetes", "http://ollama.local:11434", "mDNS")]
    [InlineData("compose", "https://NAME.openai.azure.com", "placeholder")]
    [InlineData("compose", "http://192.168.1.30:none", "port")]
    [InlineData("compose", "http://me:word@192.168.1.30", "user or a password")]
    [InlineData("compose", "ftp://192.168.1.30", "no http or https address")]
    public async Task An_address_that_a_container_cannot_reach_is_told_apart(string target, string endpoint, string about)
    {
        SetUp(target, "", ("chat-model", $"Endpoint={endpoint};Model=qwen3;Provider=ollama"));

        var run = await RunAsync(target);

        run.ExitCode.ShouldBe(78);
        run.Output.ShouldMatch($"(?m)^fail  chat-model .*(\n.*)?{about}");
    }

    [Fact]
    public async Task On_the_machine_itself_a_loopback_address_is_right()
    {
        SetUp("systemd", "", ("chat-model", "Endpoint=http://localhost:11434;Model=qwen3;Provider=ollama"));

        (await RunAsync("systemd")).Well();
    }

    [Fact]
    public async Task Secrets_that_others_can_read_are_named()
    {
        SetUp("systemd", "");
        _folder.Write("systemd/credentials/auth-api-key", "0123456789abcdefghij", mode: 644);
        _folder.Write("systemd/lucia.env", "", mode: 644);

        var run = await RunAsync("systemd");

        run.ExitCode.ShouldBe(1);
        run.Output.ShouldMatch("(?m)^fail  auth-api-key .*others can read it\n +-> chmod 0600 ");
        run.Output.ShouldMatch("(?m)^fail  lucia.env .*others can read it");
    }

    [Fact]
    public async Task A_cluster_without_its_classes_is_named()
    {
        SetUp("kubernetes", "");
        Cluster(storage: "slow ", ingress: "nginx ");

        var run = await _folder.RunAsync("validate-deployment.sh --target kubernetes --dir kubernetes");

        run.ExitCode.ShouldBe(1, run.Output + run.Error);
        run.Output.ShouldMatch("(?m)^fail  StorageClass .*no default\n +-> .*slow");
        run.Output.ShouldMatch("(?m)^fail  IngressClass .*names none, and the cluster has no default\n +-> .*nginx");
    }

    [Fact]
    public async Task A_cluster_that_has_them_passes()
    {
        SetUp("kubernetes", "");
        Cluster(storage: "slow \nfast true", ingress: "nginx true");

        var run = await _folder.RunAsync("validate-deployment.sh --target kubernetes --dir kubernetes");

        run.ExitCode.ShouldBe(0, run.Output + run.Error);
        run.Output.ShouldMatch("(?m)^pass  StorageClass +fast, the default$");
        run.Output.ShouldMatch("(?m)^pass  IngressClass +nginx, the default$");
    }

    [Theory]
    [InlineData("--target moon", 2)]
    [InlineData("--dir nowhere", 2)]
    [InlineData("--nonsense", 2)]
    [InlineData("--static --namespace none --dir scripts", 69)]
    public async Task Wrong_usage_and_a_missing_deployment_have_codes_of_their_own(string arguments, int code)
    {
        _folder.StandIn("kubectl", "");
        (await _folder.RunAsync($"validate-deployment.sh {arguments}")).ExitCode.ShouldBe(code);
    }

    private void SetUp(string target, string settings, params IReadOnlyList<(string Name, string Value)> changed)
    {
        switch (target)
        {
            case "compose":
                _folder.SetUp("compose", "secrets", settings, changed);
                _folder.Write("compose/docker-compose.yml", "services: {}\n");
                break;
            case "kubernetes":
                _folder.SetUp("kubernetes/base", "secrets", settings, changed);
                break;
            default:
                _folder.SetUp("systemd", "credentials", settings, changed);
                break;
        }
    }

    private Task<Ran> RunAsync(string target)
    {
        if (target == "kubernetes") _folder.StandIn("kubectl", "'kustomize '*) echo 'kind: Deployment' ;;");
        return _folder.RunAsync($"validate-deployment.sh --static --target {target} --dir {target}");
    }

    private void Cluster(string storage, string ingress) => _folder.StandIn("kubectl", $"""
        *version) ;;
        'kustomize '*) printf 'kind: StatefulSet\nkind: Ingress\n' ;;
        'get storageclasses '*) printf '{storage.Replace("\n", "\\n", StringComparison.Ordinal)}\n' ;;
        'get ingressclasses '*) printf '{ingress}\n' ;;
        *'auth can-i '*) ;;
        """);
}
