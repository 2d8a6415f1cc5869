using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Lucia.AgentHost.Tests.Support;

namespace Lucia.AppHost.Tests.Support;

/// <summary>The AppHost as a process of its own, with a state directory and a port of its own.</summary>
internal sealed partial class AppHostProgram : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("lucia-state-");

    private AppHostProgram(string program, IEnumerable<string> arguments, int port, IReadOnlyDictionary<string, string>? environment = null)
    {
        Port = port;
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = Programs.Repository,
            Environment = { ["LUCIA_PORT"] = $"{port}", ["XDG_STATE_HOME"] = _state.FullName, ["DOTNET_ENVIRONMENT"] = "Development", ["AppHost__NoDashboard"] = "true" },
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Port { get; }

    public int Id => _process.Id;

    public int ExitCode => _process.ExitCode;

    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The built program of a project beside this one, of the same configuration and package set.</summary>
    public static string Of(string project)
    {
        var folder = Path.GetRelativePath(Path.Combine(Programs.Repository, "lucia.AppHost.Tests"), AppContext.BaseDirectory);
        var file = Path.Combine(Programs.Repository, project, folder, project + (OperatingSystem.IsWindows() ? ".exe" : ""));
        File.Exists(file).ShouldBeTrue($"{file} is not built");
        return file;
    }

    public static AppHostProgram Start(params string[] arguments) => new(Of("lucia.AppHost"), arguments, FreePort.Next());

    public static AppHostProgram StartOn(int port) => new(Of("lucia.AppHost"), [], port);

    /// <summary>Starts it with more in its environment.</summary>
    public static AppHostProgram StartWith(IReadOnlyDictionary<string, string> environment) => new(Of("lucia.AppHost"), [], FreePort.Next(), environment);

    /// <summary>Starts <c>./lucia</c> with some arguments.</summary>
    public static AppHostProgram StartScript(params string[] arguments) =>
        new(Path.Combine(Programs.Repository, "lucia"), arguments, FreePort.Next());

    /// <summary>Waits until the chat page answers.</summary>
    public async Task UntilPageAsync()
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{Port}"), Timeout = TimeSpan.FromSeconds(5) };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromMinutes(3));
        while (true)
        {
            _process.HasExited.ShouldBeFalse(Output);
            try
            {
                if ((await http.GetAsync("/health/ready", limit.Token)).IsSuccessStatusCode) return;
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException && !limit.IsCancellationRequested)
            {
                // Not yet: nobody listens, or a proxy does for a service that is still to come.
            }

            await Task.Delay(25, limit.Token);
        }
    }

    /// <summary>Sends a signal by its name, such as <c>INT</c>.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, $"{_process.Id}"]);
        await kill.WaitForExitAsync(Cancellation);
    }

    public async Task WaitForExitAsync(TimeSpan limit) => await _process.WaitForExitAsync(Cancellation).WaitAsync(limit, Cancellation);

    /// <summary>Every process below this one, children of children included.</summary>
    public IReadOnlyList<int> Descendants()
    {
        var parents = Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)).Select(name => int.Parse(name!))
            .ToDictionary(id => id, ParentOf);
        List<int> found = [];
        for (var (level, next) = (new List<int> { Id }, new List<int>()); level.Count > 0; (level, next) = (next, []))
        {
            next.AddRange(parents.Where(pair => level.Contains(pair.Value)).Select(pair => pair.Key));
            found.AddRange(next);
        }

        return found;
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.Dispose();
        _state.Delete(recursive: true);
    }

    private static int ParentOf(int id)
    {
        try
        {
            return int.Parse(Parent().Match(File.ReadAllText($"/proc/{id}/status")).Groups[1].Value);
        }
        catch (Exception exception) when (exception is IOException or FormatException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    private void Note(string? line)
    {
        if (line is null) return;
        lock (_output) _output.AppendLine(line);
    }

    [GeneratedRegex(@"^PPid:\s*(\d+)", RegexOptions.Multiline)]
    private static partial Regex Parent();
}
