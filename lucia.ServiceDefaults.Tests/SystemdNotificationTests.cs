using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;

namespace Lucia.ServiceDefaults.Tests;

/// <summary>Against a real datagram socket, as systemd has one.</summary>
public sealed class SystemdNotificationTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lucia-notify-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Ready_watchdog_and_stopping_are_told()
    {
        var path = Path.Combine(_folder.FullName, "notify");
        using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        systemd.Bind(new UnixDomainSocketEndPoint(path));

        await using (await TestService.StartAsync(configure: builder => builder.Services
            .AddSingleton(new SystemdSocket(path, TimeSpan.FromMilliseconds(100))).AddHostedService<SystemdNotification>()))
        {
            (await NextAsync(systemd)).ShouldBe("READY=1");
            (await NextAsync(systemd)).ShouldBe("WATCHDOG=1");
        }

        string last;
        do last = await NextAsync(systemd);
        while (last == "WATCHDOG=1");
        last.ShouldBe("STOPPING=1");
    }

    [Fact]
    public async Task Without_a_watchdog_nothing_but_start_and_stop_is_told()
    {
        var path = Path.Combine(_folder.FullName, "notify");
        using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        systemd.Bind(new UnixDomainSocketEndPoint(path));

        await using (await TestService.StartAsync(configure: builder => builder.Services
            .AddSingleton(new SystemdSocket(path, null)).AddHostedService<SystemdNotification>()))
            (await NextAsync(systemd)).ShouldBe("READY=1");

        (await NextAsync(systemd)).ShouldBe("STOPPING=1");
    }

    private static async Task<string> NextAsync(Socket socket)
    {
        var buffer = new byte[256];
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        var length = await socket.ReceiveAsync(buffer, limit.Token);
        return Encoding.UTF8.GetString(buffer, 0, length);
    }
}
