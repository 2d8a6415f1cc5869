using System.Diagnostics;

namespace Lucia.Simulator.Tests;

public sealed class StartTests
{
    [Fact]
    public async Task Without_a_token_it_says_so_in_one_line_and_exits_with_78()
    {
        var (exit, error) = await RunAsync([]);

        exit.ShouldBe(78);
        error.Trim().Split('\n').ShouldHaveSingleItem().ShouldStartWith("Simulator:AccessToken is not set.");
    }

    [Theory]
    [InlineData("http://0.0.0.0:5080")]
    [InlineData("http://*:5080")]
    [InlineData("http://192.168.1.10:5080")]
    [InlineData("http://127.0.0.1:5080;http://+:5081")]
    public void It_listens_on_loopback_only(string urls) =>
        Should.Throw<SettingsInvalid>(() => SimulatorApp.Build("--urls", urls, "--Simulator:AccessToken", "secret"))
            .Message.ShouldContain("is not a loopback address");

    [Fact]
    public void In_a_container_it_listens_on_any_address() =>
        SimulatorApp.Build("--urls", "http://0.0.0.0:5080", "--Simulator:AccessToken", "secret", "--Simulator:AnyAddress", "true").ShouldNotBeNull();

    [Fact]
    public void All_problems_are_named_at_once_and_the_token_never_is()
    {
        var message = Should.Throw<SettingsInvalid>(() =>
            SimulatorApp.Build("--urls", "http://0.0.0.0:1", "--Simulator:AccessToken", "s3cret", "--Simulator:TokensPerSecond", "fast")).Message;

        message.ShouldContain("TokensPerSecond");
        message.ShouldContain("0.0.0.0");
        message.ShouldNotContain("s3cret");
    }

    [Fact]
    public async Task Two_simulators_are_two_houses()
    {
        await using var one = await RunningSimulator.StartAsync(cancel: TestContext.Current.CancellationToken);
        await using var two = await RunningSimulator.StartAsync(cancel: TestContext.Current.CancellationToken);

        one.House.Set("light.porch", "on");

        two.House.State("light.porch")!.State.ShouldBe("off");
        one.AccessToken.ShouldNotBe(two.AccessToken);
    }

    private static async Task<(int Exit, string Error)> RunAsync(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(SimulatorApp).Assembly.Location, .. arguments]) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment.Remove("Simulator__AccessToken");
        using var process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        try
        {
            var error = await process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, error);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }
}
