using System.Diagnostics;
using Lucia.AgentHost.Tests.Support;
using Lucia.AppHost.Tests.Support;

namespace Lucia.AppHost.Tests;

/// <summary>The AgentHost's own program with settings that cannot work.</summary>
public sealed class WrongSettingsTests
{
    private const string Canary = "canary-value-that-must-not-be-shown";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_problem_is_named_at_once_without_its_value_and_the_exit_code_says_configuration()
    {
        var (exitCode, error) = await RunAsync(new()
        {
            ["ASPNETCORE_URLS"] = $"http://0.0.0.0:{FreePort.Next()}",
            ["ConnectionStrings__chat_model"] = $"Endpoint=not-a-url;Key{Canary}",
            ["HomeAssistant__BaseUrl"] = $"http://home.example/?token={Canary}",
            ["HomeAssistant__TimeoutSeconds"] = Canary,
            ["Sessions__MaxTurns"] = "0",
            ["Redis__ConnectionString"] = "one.example:6379",
            ["ConnectionStrings__redis"] = "two.example:6379",
        });

        exitCode.ShouldBe(78);
        foreach (var named in new[]
        {
            "ConnectionStrings__chat_model", "HomeAssistant__BaseUrl", "HomeAssistant__AccessToken", "HomeAssistant__TimeoutSeconds",
            "Sessions__MaxTurns", "Redis__ConnectionString", "Auth__ApiKey",
        })
            error.ShouldContain(named);
        error.ShouldNotContain(Canary);
    }

    [Fact]
    public async Task A_service_without_a_model_says_which_setting_is_missing()
    {
        var (exitCode, error) = await RunAsync(new() { ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{FreePort.Next()}" });

        exitCode.ShouldBe(78);
        error.ShouldContain("ConnectionStrings__chat-model");
    }

    [Fact]
    public async Task A_wrongly_configured_service_never_opens_its_port()
    {
        var port = FreePort.Next();
        using var process = Start(new() { ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}", ["Sessions__MaxTurns"] = "many" });
        while (!process.HasExited)
        {
            Ports.IsOpen(port).ShouldBeFalse();
            await Task.Delay(5, Cancellation);
        }

        process.ExitCode.ShouldBe(78);
    }

    private static async Task<(int ExitCode, string Error)> RunAsync(Dictionary<string, string> settings)
    {
        using var process = Start(settings);
        var error = await process.StandardError.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        return (process.ExitCode, error);
    }

    private static Process Start(Dictionary<string, string> settings)
    {
        var start = new ProcessStartInfo(AppHostProgram.Of("lucia.AgentHost")) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var inherited in start.Environment.Keys.Where(name => name.Contains("__", StringComparison.Ordinal)).ToList()) start.Environment.Remove(inherited);
        foreach (var (name, value) in settings) start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        return process;
    }
}
