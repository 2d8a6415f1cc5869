using System.Net.Sockets;
using System.Text;
using Lucia.AgentHost.Tests.Support;
using Lucia.Deployment.Tests.Support;

namespace Lucia.Deployment.Tests.Systemd;

/// <summary>The machines themselves: whatever folder they come from, they take what the tests pass.</summary>
public sealed class MachineTests : IDisposable
{
    private static readonly string Own = Path.Combine(Programs.Repository, "eng/testbed");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lucia-machine-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Those of LUCIA_TESTBED, and the repository's own: where its own image cannot be built for want of a registry, with the other's.</summary>
    [Fact]
    [Trait("Speed", "Slow")]
    public async Task A_machine_has_what_is_mounted_and_published_and_can_be_switched_off_and_on_again()
    {
        await using (var given = await SystemdMachine.StartAsync(Options(out var port)))
        {
            await IsAsDescribedAsync(given, port);
            await using var own = await SystemdMachine.StartByAsync(Own, await given.ImageAsync(), Options(out port));
            await IsAsDescribedAsync(own, port);
        }

        (await Ran.ToEndAsync(Path.Combine(Own, "machine-down"), ["never-started"])).Well();
    }

    [Theory]
    [InlineData("a machine's name is lower-case letters, digits and hyphens, not \"\"")]
    [InlineData("a machine's name is lower-case letters, digits and hyphens, not \"--network\"", "--network", "bridge")]
    [InlineData("a machine's name is lower-case letters, digits and hyphens, not \"No\"", "No")]
    [InlineData("-v needs a value", "web", "-v")]
    [InlineData("-v takes absolute paths, HOST:GUEST or HOST:GUEST:ro, not \"data:/data\"", "web", "-v", "data:/data")]
    [InlineData("-v takes absolute paths, HOST:GUEST or HOST:GUEST:ro, not \"/usr:/usr:rw\"", "web", "-v", "/usr:/usr:rw")]
    [InlineData("there is no /never/there to mount", "web", "-v", "/never/there:/data")]
    [InlineData("-p takes 127.0.0.1:PORT:PORT, not \"8080:80\"", "web", "-p", "8080:80")]
    [InlineData("\"--with-dotnet\" is no option", "web", "--network", "bridge", "--with-dotnet")]
    public async Task What_the_repositorys_own_scripts_do_not_take_they_name(string problem, params string[] words)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "systemd is Linux's");

        var refused = await Ran.ToEndAsync(Path.Combine(Own, "machine-up"), words);

        refused.ExitCode.ShouldBe(2, refused.Error);
        refused.Error.ShouldContain($"machine-up: {problem}\nUsage: machine-up NAME");
    }

    private string[] Options(out int port)
    {
        port = FreePort.Next();
        return ["-v", $"{_folder.FullName}:/mnt/given", "-v", $"{_folder.FullName}:/mnt/shown:ro", "--network", "bridge", "-p", $"127.0.0.1:{port}:8000"];
    }

    private async Task IsAsDescribedAsync(SystemdMachine machine, int port)
    {
        await machine.RunAsync("echo from within >/mnt/given/word");
        (await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "word"), Cancellation)).ShouldBe("from within\n");
        (await machine.ExecuteAsync("cat /mnt/shown/word; echo other >/mnt/shown/word")).Error.ShouldContain("Read-only file system");
        var said = await machine.ExecuteAsync("cat; echo aside >&2; exit 7", new MemoryStream(Encoding.UTF8.GetBytes("what comes in goes out")));
        (said.ExitCode, said.Output, said.Error).ShouldBe((7, "what comes in goes out", "aside\n"));
        (await machine.RunAsync("cut -f 2 /proc/net/route")).ShouldContain("00000000", customMessage: "it has a way out");

        await machine.RunAsync("touch /root/kept && printf '[Service]\nExecStart=redis-server --port 8000 --protected-mode no\n[Install]\nWantedBy=multi-user.target\n' >/etc/systemd/system/answer.service && systemctl enable --quiet answer");
        await machine.RebootAsync();

        await machine.RunAsync("ls /root/kept");
        await Eventually.TrueAsync("the published port answers", () => AnswersAsync(port));
    }

    private static async Task<bool> AnswersAsync(int port)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", port, Cancellation);
            await client.GetStream().WriteAsync("PING\r\n"u8.ToArray(), Cancellation);
            var answer = new byte[7];
            return await client.GetStream().ReadAtLeastAsync(answer, answer.Length, throwOnEndOfStream: false, Cancellation) == answer.Length && Encoding.ASCII.GetString(answer) == "+PONG\r\n";
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return false;
        }
    }
}
