using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Lucia.Simulator.Tests.Home;

/// <summary>home-assistant-js-websocket from npm, as Home Assistant's own frontend uses it.</summary>
public sealed class HomeAssistantClientTests : SimulatorTest
{
    [Fact]
    public async Task Home_Assistants_own_client_logs_in_subscribes_calls_services_and_sees_the_change()
    {
        var root = Root();
        if (root is null || !File.Exists(Path.Combine(root, "node_modules", "home-assistant-js-websocket", "package.json")))
            Assert.Skip("node_modules has no home-assistant-js-websocket: run 'npm ci --ignore-scripts' in the repository root.");
        var (code, version, _) = await RunAsync(root, ["--version"]);
        if (code != 0 || !Version.TryParse(version.Trim().TrimStart('v'), out var node))
        {
            Assert.Skip("Node.js is not on PATH.");
            return;
        }

        if (node < new Version(20, 10))
            Assert.Skip($"Node.js {node} has no WebSocket; 20.10 or newer is needed.");

        // Node has a global WebSocket from 22 on; before, it is behind a flag.
        string[] flags = node.Major < 22 ? ["--experimental-websocket", "--no-warnings"] : [];
        var script = Path.Combine(root, "lucia.Simulator.Tests", "Home", "home-assistant-client.mjs");
        var (exit, output, error) = await RunAsync(root, [.. flags, script]);

        exit.ShouldBe(0, error);
        var seen = JsonNode.Parse(output)!;
        string Text(string name) => seen[name]!.GetValue<string>();
        int Count(string name) => seen[name]!.GetValue<int>();
        Text("refused").ShouldBe("invalid auth");
        Count("area").ShouldBe(12);
        Count("floor").ShouldBe(3);
        Count("device").ShouldBe(Simulator.House.Devices.Count);
        Count("entity").ShouldBe(Simulator.House.Entities.Count);
        Count("exposed").ShouldBe(Simulator.House.Entities.Count);
        Count("states").ShouldBe(Simulator.House.States.Count);
        Count("subscribed").ShouldBe(Simulator.House.States.Count);
        Count("services").ShouldBeGreaterThan(10);
        Text("location").ShouldBe("Simulated house");
        Text("before").ShouldBe("off");
        Text("after").ShouldBe("on");
        Text("eventFrom").ShouldBe("off");
        Text("eventTo").ShouldBe("on");
        Count("brightness").ShouldBe(128);
        Text("name").ShouldBe("Kitchen ceiling");
        seen["sameContext"]!.GetValue<bool>().ShouldBeTrue();
        Text("unknownService").ShouldBe("not_found");
    }

    private async Task<(int Exit, string Output, string Error)> RunAsync(string directory, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo("node", arguments) { WorkingDirectory = directory, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["SIMULATOR_URL"] = Simulator.BaseAddress.ToString();
        start.Environment["SIMULATOR_TOKEN"] = Simulator.AccessToken;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        Process? process;
        try
        {
            process = Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return (-1, "", "node could not be started");
        }

        using (process)
        {
            var output = process!.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            try
            {
                await process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw;
            }

            return (process.ExitCode, await output, await error);
        }
    }

    private static string? Root()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "lucia.sln")))
            directory = directory.Parent;
        return directory?.FullName;
    }
}
