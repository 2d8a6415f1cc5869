using System.Net;
using System.Net.Sockets;
using Lucia.AgentHost.Tests.Support;
using Lucia.Deployment.Tests.Support;

namespace Lucia.Deployment.Tests.Compose;

public sealed class NetworkWatchTests
{
    [Fact]
    [Trait("Speed", "Slow")]
    public async Task Who_speaks_to_whom_on_this_machine_is_seen()
    {
        using var watch = NetworkWatch.TryStart(out var reason);
        Assert.SkipWhen(watch is null, reason);
        IPNetwork[] here = [IPNetwork.Parse("127.0.0.0/8")];
        var port = FreePort.Next();
        using var speaker = new UdpClient();

        await speaker.SendAsync("anybody?"u8.ToArray(), new IPEndPoint(IPAddress.Loopback, port), TestContext.Current.CancellationToken);

        var contact = new Contact(IPAddress.Loopback, IPAddress.Loopback, $"udp {port}");
        await Eventually.TrueAsync("the packet is seen", () => Task.FromResult(watch!.BegunWithin(here).Contains(contact)));
    }
}
