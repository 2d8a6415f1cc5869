using Lucia.AgentHost.Tests.Support;
using Lucia.Deployment.Tests.Support;

namespace Lucia.Deployment.Tests.Scripts;

/// <summary>A folder laid out like <c>deploy/</c>, with the scripts and with programs that stand in for those of an engine, a cluster or systemd.</summary>
internal sealed class ScriptFolder : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("lucia-scripts-");

    public ScriptFolder()
    {
        foreach (var script in Directory.EnumerateFiles(Repository)) Write($"scripts/{Path.GetFileName(script)}", File.ReadAllText(script), executable: true);
        Directory.CreateDirectory(Path.Combine(_root.FullName, "bin"));
    }

    /// <summary>The scripts as the repository has them.</summary>
    public static string Repository { get; } = Path.Combine(Programs.Repository, "deploy", "scripts");

    /// <summary>Writes a file below the folder.</summary>
    public void Write(string path, string text, bool executable = false, int mode = 600)
    {
        var file = Path.Combine(_root.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        Protect(file, executable ? 755 : mode);
    }

    /// <summary>Puts a program before all others of its name: the body of a <c>case "$*" in</c>, whose patterns are arguments.</summary>
    public void StandIn(string program, string cases) => Write($"bin/{program}", $"#!/bin/bash\necho \"{program} $*\" >>\"${{0%/*}}/calls\"\ncase \"$*\" in\n{cases}\n*) exit 1 ;;\nesac\n", executable: true);

    /// <summary>Sets up a deployment's settings and secrets: files that are right but for what is given.</summary>
    public void SetUp(string folder, string secrets, string settings, params IReadOnlyList<(string Name, string Value)> changed)
    {
        var (file, published) = folder.Contains("kubernetes", StringComparison.Ordinal) ? (".env", "kubernetes/base")
            : secrets.Contains("credentials", StringComparison.Ordinal) ? ("lucia.env", "systemd") : (".env", "compose");
        Write($"{folder}/{file}", settings);
        Write($"{folder}/{file}.example", File.ReadAllText(Path.Combine(Programs.Repository, "deploy", published, $"{file}.example")));
        var values = new Dictionary<string, string>
        {
            ["auth-api-key"] = "0123456789abcdefghijABCDEFGHIJ",
            ["redis-password"] = "abcdefghijABCDEFGHIJ01",
            ["chat-model"] = "Endpoint=http://192.168.1.30:11434;Model=qwen3;Provider=ollama",
            ["chat-model-access-key"] = "",
            ["embedding-model"] = "",
            ["embedding-model-access-key"] = "",
            ["home-assistant-access-token"] = "eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl",
        };
        foreach (var (name, value) in changed) values[name] = value;
        foreach (var (name, value) in values) Write($"{folder}/{secrets}/{name}", value);
        Protect(Path.Combine(_root.FullName, folder, secrets), 700);
    }

    /// <summary>Every call of a program that stands in, with its arguments, a line each.</summary>
    public string Calls => Read("bin/calls");

    /// <summary>Where a file of it is.</summary>
    public string At(string path) => Path.Combine(_root.FullName, path);

    /// <summary>What a file of it says; nothing when it is not there.</summary>
    public string Read(string path) => File.Exists(At(path)) ? File.ReadAllText(At(path)) : "";

    /// <summary>Runs a script of it; the programs that stand in come first.</summary>
    public Task<Ran> RunAsync(string command, string input = "") => ShellAsync($"scripts/{command}", input);

    /// <summary>Runs a command line in the folder; the programs that stand in come first.</summary>
    public Task<Ran> ShellAsync(string command, string input = "") => Shell.RunAsync(
        command, _root.FullName, new Dictionary<string, string?> { ["PATH"] = $"{Path.Combine(_root.FullName, "bin")}:{Environment.GetEnvironmentVariable("PATH")}", ["DOCKER_HOST"] = null, ["COMPOSE_FILE"] = null }, input);

    private static void Protect(string path, int mode)
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32($"{mode}", 8));
    }

    public void Dispose() => _root.Delete(recursive: true);
}
