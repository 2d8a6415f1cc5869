using System.Globalization;

namespace Lucia.Deployment.Tests.Compose;

/// <summary>What the kernel grants the processes of a container, of either version of control groups.</summary>
/// <param name="Memory">Bytes they may use.</param>
/// <param name="MemoryUsed">Bytes they use.</param>
/// <param name="Processes">How many processes and threads there may be.</param>
/// <param name="Cores">How many cores they may keep busy.</param>
internal sealed record ControlGroup(long Memory, long MemoryUsed, int Processes, double Cores)
{
    private const string Root = "/sys/fs/cgroup";

    /// <summary>Reads it from the kernel; skips the test where the engine's processes are not this machine's.</summary>
    public static async Task<ControlGroup> OfAsync(ComposeDeployment deployment, string service, string program)
    {
        var pid = (await deployment.InspectAsync(service))["State"]!["Pid"]!.GetValue<int>();
        var children = $"/proc/{pid}/task/{pid}/children";
        if (!File.Exists($"/proc/{pid}/cgroup") || !File.Exists(children))
            Assert.Skip("The processes of the container engine cannot be seen from here.");
        // The first process is the engine's init, the program its child.
        var child = (await File.ReadAllTextAsync(children, TestContext.Current.CancellationToken)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        (await File.ReadAllTextAsync($"/proc/{child}/comm", TestContext.Current.CancellationToken)).Trim().ShouldBe(program);

        // hierarchy:controllers:path, one line each; version 2 has the one line 0::path.
        var paths = (await File.ReadAllLinesAsync($"/proc/{child}/cgroup", TestContext.Current.CancellationToken)).Select(static line => line.Split(':', 3)).ToList();
        string? Path(string controller)
        {
            var line = paths.FirstOrDefault(line => line[1].Split(',').Contains(controller));
            return line is null ? null : $"{Root}/{controller}{line[2]}";
        }

        if (Path("memory") is { } memory && Directory.Exists(memory))
        {
            return new ControlGroup(
                Number($"{memory}/memory.limit_in_bytes"), Number($"{memory}/memory.usage_in_bytes"), (int)Number($"{Path("pids")}/pids.max"),
                (double)Number($"{Path("cpu")}/cpu.cfs_quota_us") / Number($"{Path("cpu")}/cpu.cfs_period_us"));
        }

        var unified = $"{Root}{paths.Single(static line => line[0] == "0")[2]}";
        var quota = File.ReadAllText($"{unified}/cpu.max").Split(' ').Select(static part => double.Parse(part, CultureInfo.InvariantCulture)).ToList();
        return new ControlGroup(Number($"{unified}/memory.max"), Number($"{unified}/memory.current"), (int)Number($"{unified}/pids.max"), quota[0] / quota[1]);
    }

    private static long Number(string file) => long.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture);
}
