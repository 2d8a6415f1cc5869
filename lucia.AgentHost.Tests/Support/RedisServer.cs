using System.Net.Sockets;
using System.Text;
using Lucia.Settings;

namespace Lucia.AgentHost.Tests.Support;

/// <summary>A real Redis (or Valkey) with a password and an append-only file, on a port of its own; can be killed and started again.</summary>
internal sealed class RedisServer : IDisposable
{
    public const string Password = "redis-password-of-a-test";

    private readonly string _program;
    private readonly string _folder = Directory.CreateTempSubdirectory("lucia-redis-").FullName;
    private ChildProcess? _process;

    private RedisServer(string program) => _program = program;

    public int Port { get; } = FreePort.Next();

    public RedisSettings Settings => new("127.0.0.1", Port, null, Password, false, null, []);

    /// <summary>Starts one; skips the test where none is installed.</summary>
    public static async Task<RedisServer> StartAsync(CancellationToken cancellation)
    {
        var program = Programs.Find("redis-server", "valkey-server");
        Assert.SkipWhen(program is null, "neither redis-server nor valkey-server is on PATH");
        var server = new RedisServer(program!);
        await server.StartAgainAsync(cancellation);
        return server;
    }

    public async Task StartAgainAsync(CancellationToken cancellation)
    {
        // Over standard input: the password is not for the process list.
        var configuration = $"""
            bind 127.0.0.1
            port {Port}
            dir {_folder}
            appendonly yes
            maxmemory-policy noeviction
            requirepass {Password}
            """;
        _process = ChildProcess.Start(_program, ["-"], configuration + "\n");
        await _process.UntilAsync(() => AnswersAsync(cancellation), cancellation);
    }

    public void Kill() => _process!.Kill();

    public void Dispose()
    {
        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Sends one command and gives the raw answer.</summary>
    public async Task<string> SendAsync(string command, CancellationToken cancellation)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", Port, cancellation);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"AUTH {Password}\r\n{command}\r\nQUIT\r\n"), cancellation);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(cancellation);
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellation)
    {
        try
        {
            return (await SendAsync("PING", cancellation)).Contains("+PONG", StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return false;
        }
    }
}
