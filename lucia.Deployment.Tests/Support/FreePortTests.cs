using System.Net;
using System.Net.Sockets;
using Lucia.AgentHost.Tests.Support;

namespace Lucia.Deployment.Tests.Support;

public sealed class FreePortTests
{
    [Fact]
    public void A_port_is_none_that_the_system_gives_away_and_none_that_was_given_before()
    {
        var (first, last) = FreePort.Ephemeral();

        var ports = Enumerable.Range(0, 50).Select(_ => FreePort.Next()).ToList();

        ports.ShouldBeUnique();
        ports.ShouldAllBe(port => port < first || port > last);
        foreach (var port in ports)
        {
            using var listener = new TcpListener(IPAddress.Any, port);
            listener.Start();
        }
    }

    [Theory]
    [InlineData(32768, 60999, 20000, 29999)]
    [InlineData(49152, 65535, 20000, 29999)]
    [InlineData(1024, 19999, 20000, 29999)]
    [InlineData(15000, 65000, 1024, 14999)]
    [InlineData(1024, 60000, 60001, 65535)]
    [InlineData(1024, 65535, 20000, 29999)]
    public void A_range_of_somebodys_own_is_kept_out_of(int ephemeralFirst, int ephemeralLast, int first, int last) =>
        FreePort.Outside((ephemeralFirst, ephemeralLast)).ShouldBe((first, last));

    [Fact]
    public async Task What_another_process_has_reserved_is_left_to_it()
    {
        Assert.SkipWhen(Programs.Find("flock") is null, "flock is not on PATH");
        var port = FreePort.Next();

        // The reservation is a lock that any program sees.
        var taken = await Ran.ToEndAsync("flock", ["--nonblock", Path.Combine(Path.GetTempPath(), $"lucia-test-ports-{Environment.UserName}", $"{port}"), "true"]);

        taken.ExitCode.ShouldBe(1);
    }
}
