using System.Text;
using System.Text.RegularExpressions;
using Lucia.AgentHost.Tests.Support;
using Lucia.Deployment.Tests.Support;

namespace Lucia.Deployment.Tests.Docs;

/// <summary>
/// Every block that a page marks as runnable, run in order, as it stands but for the ports. What a page takes for granted is brought: an image as the
/// registry would have it, a model server on this machine, a host with systemd.
/// </summary>
[Trait("Speed", "Slow")]
public sealed partial class RunnableTests(TreeCopy tree, ServiceBundle bundle, ServiceImage image) : IClassFixture<TreeCopy>
{
    private const string AtRoot = "<!-- The blocks run at the root of the repository. -->";
    private const string InDeploy = "<!-- The blocks run in the folder deploy/. -->";

    /// <summary>The address of the engine's host as a machine sees it: the default route, in hexadecimal and backwards.</summary>
    private const string Gateway = "printf '%d.%d.%d.%d' $(awk '$2 == \"00000000\" { print $3; exit }' /proc/net/route | sed 's/\\(..\\)\\(..\\)\\(..\\)\\(..\\)/0x\\4 0x\\3 0x\\2 0x\\1/')";

    /// <summary>The port of the chat page, and the one that Ollama is known for.</summary>
    private readonly (int Lucia, int Model) _ports = (FreePort.Next(), FreePort.Next());

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Pages => [.. Guide.All.Where(guide => guide.Runnable.Any()).Select(guide => guide.Path)];

    [Fact]
    public void The_pages_that_a_newcomer_follows_are_run()
    {
        var pages = Pages.Select(row => row.Data).ToList();
        foreach (var page in new[] { "README.md", "deploy/docs/docker.md", "deploy/docs/kubernetes.md", "deploy/docs/systemd.md", "deploy/docs/migration.md" }) pages.ShouldContain(page);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Its_blocks_run_as_they_stand(string page)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the guides are for Linux");
        Assert.SkipWhen(Programs.Find("curl") is null, "curl is not on PATH");
        var guide = Guide.Read(page);
        if (guide.Path.Contains("systemd", StringComparison.Ordinal)) await RunOnMachineAsync(guide);
        else await RunHereAsync(guide);
    }

    private async Task RunHereAsync(Guide guide)
    {
        var blocks = string.Join('\n', guide.Runnable.Select(fence => fence.Text));
        var commands = ShellCommands.Of(blocks).Select(command => command.Program).ToHashSet();
        var usesEngine = commands.Contains("docker");
        if (usesEngine) Assert.SkipUnless(await HasEngineAsync(), "no container engine answers");
        if (commands.Contains("kubectl") || commands.Contains("helm")) ClusterPrograms.Need();

        await tree.PrepareAsync();
        var project = $"lucia-guides-{Environment.ProcessId}-{_ports.Lucia}";
        List<string> environment =
        [
            $"LUCIA_PORT={_ports.Lucia}", $"COMPOSE_PROJECT_NAME={project}", $"XDG_STATE_HOME={tree.Scratch}/state", "DOTNET_CLI_TELEMETRY_OPTOUT=1",
            $"PATH={ClusterPrograms.Path}",
        ];
        // A page whose set-up asks for the model gets it as one who answers would give it.
        if (!blocks.Contains("ConnectionStrings__chat_model=", StringComparison.Ordinal) && commands.Any(command => command.EndsWith("setup.sh", StringComparison.Ordinal)))
            environment.Add($"ConnectionStrings__chat_model=Endpoint=http://host.docker.internal:{_ports.Model};Model=qwen3:8b;Provider=ollama");

        using var model = usesEngine ? await ModelStub.StartAsync("0.0.0.0", _ports.Model) : null;
        await using var names = usesEngine ? await ImageNames.RememberAsync([PublishedImage(), .. BuiltImage().Matches(blocks).Select(match => match.Groups[1].Value)]) : null;
        try
        {
            // What a registry would have: the image of these sources, under the name that the deployment gives it.
            if (usesEngine) (await Ran.ToEndAsync("docker", ["tag", await image.GetAsync(), PublishedImage()])).Well();
            var script = Path.Combine(tree.Scratch, "guide.sh");
            await File.WriteAllTextAsync(script, ScriptOf(guide), Cancellation);
            var start = Path.Combine(tree.Root, guide.Text.Contains(AtRoot, StringComparison.Ordinal) ? "" : guide.Text.Contains(InDeploy, StringComparison.Ordinal) ? "deploy" : guide.Folder);

            (await Ran.ToEndAsync("env", [.. environment, "bash", script], folder: start, seconds: 600)).Well();
        }
        finally
        {
            if (usesEngine) await RemoveAsync(project);
        }
    }

    private async Task RunOnMachineAsync(Guide guide)
    {
        if (Environment.GetEnvironmentVariable("LUCIA_TESTBED") is not { Length: > 0 } testbed)
        {
            Assert.Skip("LUCIA_TESTBED names no folder with machine-up, machine-exec and machine-down.");
            return;
        }

        ServiceBundle.NeedRuntime();
        var (tarball, _) = await bundle.GetAsync();
        var machine = $"guides-{Environment.ProcessId}";
        using var model = await ModelStub.StartAsync("0.0.0.0", _ports.Model);
        try
        {
            (await Ran.ToEndAsync(Path.Combine(testbed, "machine-up"), [machine, "--network", "bridge"], seconds: 300)).Well();
            // Ollama on the machine itself: what its port is told goes to the stub beside the machine.
            await OnMachineAsync($"systemd-run --quiet --unit=ollama-stub --socket-property=ListenStream=127.0.0.1:11434 /lib/systemd/systemd-socket-proxyd \"$({Gateway}):{model.Port}\"");
            await using (var packed = File.OpenRead(tarball))
                await OnMachineAsync($"mkdir /root/guide && cat >/root/guide/{Path.GetFileName(tarball)}", packed);
            // Root needs no sudo, and a bare machine has none.
            await OnMachineAsync("command -v sudo >/dev/null || { printf '#!/bin/sh\\nexec \"$@\"\\n' >/usr/local/bin/sudo && chmod +x /usr/local/bin/sudo; }");
            await OnMachineAsync("cat >/root/guide.sh", new MemoryStream(Encoding.UTF8.GetBytes(GuideScript.Of(guide, "/root", new Dictionary<string, string>()))));
            // The page of the bundle is read where the bundle was unpacked.
            var unpacked = guide.Folder == "deploy/systemd" ? " && tar -xpzf *.tar.gz && cd */" : "";
            await OnMachineAsync($"cd /root/guide{unpacked} && ConnectionStrings__chat_model='Endpoint=http://localhost:11434;Model=qwen3:8b;Provider=ollama' bash /root/guide.sh");
        }
        finally
        {
            await Ran.ToEndAsync(Path.Combine(testbed, "machine-down"), [machine]);
        }

        async Task OnMachineAsync(string command, Stream? input = null) =>
            (await Ran.ToEndAsync(Path.Combine(testbed, "machine-exec"), [machine, "sh", "-c", command], input, seconds: 300)).Well();
    }

    private string ScriptOf(Guide guide) => GuideScript.Of(guide, tree.Scratch, new Dictionary<string, string>
    {
        ["127.0.0.1:5000"] = $"127.0.0.1:{_ports.Lucia}",
        ["localhost:5000"] = $"localhost:{_ports.Lucia}",
        ["host.docker.internal:11434"] = $"host.docker.internal:{_ports.Model}",
    });

    /// <summary>The name that the deployment gives the image of the service.</summary>
    private string PublishedImage() =>
        File.ReadLines(Path.Combine(tree.Root, "deploy/compose/.env.example")).Single(line => line.StartsWith("# AGENTHOST_IMAGE=", StringComparison.Ordinal)).Split('=', 2)[1].Trim();

    private static async Task RemoveAsync(string project)
    {
        var containers = (await Ran.ToEndAsync("docker", ["ps", "--all", "--quiet", "--filter", $"label=com.docker.compose.project={project}"])).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (containers.Length > 0) await Ran.ToEndAsync("docker", ["rm", "--force", "--volumes", .. containers]);
        foreach (var kind in new[] { "network", "volume" })
        {
            var names = (await Ran.ToEndAsync("docker", [kind, "ls", "--quiet", "--filter", $"label=com.docker.compose.project={project}"])).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            if (names.Length > 0) await Ran.ToEndAsync("docker", [kind, "rm", .. names]);
        }
    }

    private static async Task<bool> HasEngineAsync() =>
        await ComposeProgram.IsThereAsync() && (await Ran.ToEndAsync("docker", ["info", "--format", "{{.ServerVersion}}"])).ExitCode == 0;

    [GeneratedRegex(@"docker build\b.* (?:-t|--tag)[ =]([^\s)]+)")]
    private static partial Regex BuiltImage();
}
