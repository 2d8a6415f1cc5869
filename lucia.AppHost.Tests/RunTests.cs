using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Lucia.AppHost.Tests.Support;

namespace Lucia.AppHost.Tests;

/// <summary>The run as a person has it: a process in a terminal, Ctrl+C, a taken port.</summary>
public sealed class RunTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_signal_stops_everything_within_ten_seconds_and_leaves_no_process_and_no_port(string signal)
    {
        Assert.SkipUnless(Directory.Exists("/proc"), "there is no /proc to look for processes in");
        using var run = AppHostProgram.Start();
        await run.UntilPageAsync();
        var children = run.Descendants();
        children.Count.ShouldBeGreaterThanOrEqualTo(2);

        await run.SignalAsync(signal);
        await run.WaitForExitAsync(TimeSpan.FromSeconds(10));

        children.Where(child => Directory.Exists($"/proc/{child}")).ShouldBeEmpty();
        Ports.IsOpen(run.Port).ShouldBeFalse();
        run.ExitCode.ShouldBe(0, run.Output);
    }

    [Fact]
    public async Task The_address_of_the_page_is_printed()
    {
        using var run = AppHostProgram.Start();
        await run.UntilPageAsync();

        await House.UntilAsync(() => Task.FromResult(run.Output.Contains($"http://127.0.0.1:{run.Port}", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_taken_port_is_one_clear_line_that_says_how_to_choose_another()
    {
        using var occupant = new TcpListener(IPAddress.Loopback, 0);
        occupant.Start();
        var port = ((IPEndPoint)occupant.LocalEndpoint).Port;

        using var run = AppHostProgram.StartOn(port);
        await run.WaitForExitAsync(TimeSpan.FromSeconds(30));

        run.ExitCode.ShouldNotBe(0);
        var line = run.Output.Split('\n').Where(line => line.Contains($"{port}", StringComparison.Ordinal)).ShouldHaveSingleItem();
        line.ShouldContain("LUCIA_PORT");
    }

    [Fact]
    public async Task A_second_run_reads_the_conversations_of_the_first()
    {
        var state = Directory.CreateTempSubdirectory("lucia-runs-");
        try
        {
            foreach (var expected in new[] { 1, 2 })
            {
                await using var house = await House.StartAsync("--state-directory", state.FullName);
                await house.ChatAsync("turn on the kitchen light", "kept");
                (await house.SaidAsync("kept")).Count.ShouldBe(expected);
            }
        }
        finally
        {
            state.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_home_named_in_user_secrets_takes_the_place_of_the_simulated_one()
    {
        var person = Directory.CreateTempSubdirectory("lucia-person-");
        try
        {
            var secrets = person.CreateSubdirectory(Path.Combine(".microsoft", "usersecrets", "lucia-apphost"));
            await File.WriteAllTextAsync(
                Path.Combine(secrets.FullName, "secrets.json"),
                """{ "HomeAssistant:BaseUrl": "http://127.0.0.1:9", "HomeAssistant:AccessToken": "a-token-of-ones-own" }""", Cancellation);
            using var run = AppHostProgram.StartWith(new Dictionary<string, string> { ["HOME"] = person.FullName });

            (await SimulatedAsync(run)).ShouldBe(["chat-model", "embedding-model"]);
            run.Output.ShouldNotContain("a-token-of-ones-own");
        }
        finally
        {
            person.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task What_is_set_in_any_spelling_reaches_the_service_once()
    {
        using var run = AppHostProgram.StartWith(new Dictionary<string, string>
        {
            ["HOMEASSISTANT_URL"] = "http://127.0.0.1:9",
            ["HOMEASSISTANT_ACCESS_TOKEN"] = "a-token-of-ones-own",
            ["ConnectionStrings__chat_model"] = "Endpoint=http://127.0.0.1:9;Model=m;Provider=ollama",
        });

        (await SimulatedAsync(run)).ShouldBeEmpty();
        run.Descendants().Count.ShouldBeGreaterThan(0);
        run.Output.ShouldNotContain("simulator");
    }

    private static async Task<IReadOnlyList<string>> SimulatedAsync(AppHostProgram run)
    {
        await run.UntilPageAsync();
        using var http = new HttpClient();
        var health = await http.GetFromJsonAsync<JsonElement>($"http://127.0.0.1:{run.Port}/health", Cancellation);
        return [.. health.GetProperty("simulated").EnumerateArray().Select(entry => entry.GetProperty("what").GetString()!)];
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task The_script_builds_runs_and_stops_with_ctrl_c()
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "there is no bash");
        using var run = AppHostProgram.StartScript("run", "--no-dashboard");
        await run.UntilPageAsync();
        var children = run.Descendants();

        // A terminal sends Ctrl+C to everyone in the foreground; a supervisor only to the process it knows.
        await run.SignalAsync("INT");
        await run.WaitForExitAsync(TimeSpan.FromSeconds(15));

        await House.UntilAsync(() => Task.FromResult(!children.Any(child => Directory.Exists($"/proc/{child}"))));
        Ports.IsOpen(run.Port).ShouldBeFalse();
        Cancellation.IsCancellationRequested.ShouldBeFalse();
    }
}
