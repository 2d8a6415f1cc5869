using System.Text;

namespace Lucia.Deployment.Tests.Support;

/// <summary>
/// A machine that runs systemd and has no .NET, for one test: made by <c>machine-up</c>, <c>machine-exec</c> and <c>machine-down</c> of the folder
/// that LUCIA_TESTBED names.
/// </summary>
internal sealed class SystemdMachine : IAsyncDisposable
{
    private static int _count;

    private readonly string _testbed;
    private readonly string _name = $"bundle-{Environment.ProcessId}-{Interlocked.Increment(ref _count)}";

    private SystemdMachine(string testbed) => _testbed = testbed;

    /// <summary>Boots one; skips the test where there is none to be had.</summary>
    /// <param name="options">More options of <c>machine-up</c>: <c>-v HOST:GUEST:ro</c>.</param>
    public static async Task<SystemdMachine> StartAsync(params string[] options)
    {
        if (Environment.GetEnvironmentVariable("LUCIA_TESTBED") is not { Length: > 0 } testbed)
        {
            Assert.Skip("LUCIA_TESTBED names no folder with machine-up, machine-exec and machine-down.");
            throw new InvalidOperationException("Unreachable.");
        }

        return await StartByAsync(testbed, image: null, options);
    }

    /// <summary>Boots one by the scripts of a folder.</summary>
    /// <param name="testbed">The folder.</param>
    /// <param name="image">The image that <c>eng/testbed</c> makes machines of in place of its own; null for its own.</param>
    /// <param name="options">More options of <c>machine-up</c>.</param>
    public static async Task<SystemdMachine> StartByAsync(string testbed, string? image, params string[] options)
    {
        var machine = new SystemdMachine(testbed);
        try
        {
            Dictionary<string, string?> environment = [];
            if (image is not null) environment["LUCIA_MACHINE_IMAGE"] = image;
            // The first one has its image built.
            (await Ran.ToEndAsync(Path.Combine(testbed, "machine-up"), [machine._name, .. options], environment: environment, seconds: 300)).Well();
            return machine;
        }
        catch
        {
            await machine.DisposeAsync();
            throw;
        }
    }

    /// <summary>The image it was made of.</summary>
    public async Task<string> ImageAsync() => (await Ran.ToEndAsync("docker", ["inspect", "--format", "{{.Config.Image}}", $"machine-{_name}"])).Well().Output.Trim();

    /// <summary>Runs a command line as root.</summary>
    public Task<Ran> ExecuteAsync(string command, Stream? input = null) =>
        Ran.ToEndAsync(Path.Combine(_testbed, "machine-exec"), [_name, "sh", "-c", command], input, seconds: 180);

    /// <summary>Runs a command line that must succeed, and gives what it wrote.</summary>
    public async Task<string> RunAsync(string command, string input = "") =>
        (await ExecuteAsync(command, new MemoryStream(Encoding.UTF8.GetBytes(input)))).Well().Output.Trim();

    /// <summary>Waits until a command line succeeds; at most half a minute, then it fails with what the services logged.</summary>
    public Task UntilAsync(string condition) =>
        RunAsync($"for _ in $(seq 300); do if {condition}; then exit 0; fi; sleep 0.1; done; systemctl status --no-pager 'lucia*'; journalctl --no-pager -n 30; exit 1");

    /// <summary>Switches it off and on again, and waits until it has booted.</summary>
    public async Task RebootAsync()
    {
        (await Ran.ToEndAsync("docker", ["restart", $"machine-{_name}"], seconds: 90)).Well();
        await UntilAsync("systemctl is-system-running | grep -q -e running -e degraded");
    }

    public async ValueTask DisposeAsync() => await Ran.ToEndAsync(Path.Combine(_testbed, "machine-down"), [_name]);
}
