using System.Diagnostics;
using System.Globalization;
using Lucia.ServiceDefaults;
using Lucia.Settings;

namespace Lucia.AgentHost.Doctor;

/// <summary><c>lucia.AgentHost doctor</c>: reads the settings as the service would and tries everything they name.</summary>
internal static class DoctorCommand
{
    /// <summary>The check of the settings, before all others.</summary>
    public const string Settings = "settings";

    private const int WrongUsage = 2;
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(250);

    public static ServiceVerb Verb { get; } = new(
        "doctor",
        "doctor [--json]",
        """
        check the settings, Redis, Home Assistant, the models and tool calling, with the settings the service has;
        each with what was found and what to do. --json: for programs, {status, exitCode, version, checks:
        [{name, status: pass|warn|fail|skip, found, remedy, milliseconds}]}. --settings FILE: more settings, as JSON.
        Exit codes: 0 all is well (warnings allowed), 1 something fails, 2 wrong usage, 78 wrong settings
        """,
        RunAsync);

    private static Task<int> RunAsync(string[] args, TextWriter output)
    {
        var (json, files) = (false, new List<string>());
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--json":
                    json = true;
                    break;
                case "--settings" when i + 1 < args.Length && File.Exists(args[i + 1]):
                    files.Add(Path.GetFullPath(args[++i]));
                    break;
                default:
                    Console.Error.WriteLine($"doctor takes --json, and --settings with a file that exists, not \"{args[i]}\".");
                    return Task.FromResult(WrongUsage);
            }
        }

        // Whatever the service would read, it reads; the files weigh less than the environment.
        var builder = WebApplication.CreateSlimBuilder();
        foreach (var file in files)
        {
            var sources = builder.Configuration.Sources;
            var source = new Microsoft.Extensions.Configuration.Json.JsonConfigurationSource { Path = file };
            source.ResolveFileProvider();
            sources.Insert(0, source);
        }

        var isTerminal = !json && output == Console.Out && !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb";
        return RunAsync(builder, output, json, isTerminal, CancellationToken.None);
    }

    /// <summary>Examines everything at once and reports.</summary>
    /// <param name="builder">A builder with the configuration to examine.</param>
    /// <param name="output">Where the report goes.</param>
    /// <param name="json">As JSON, else for people.</param>
    /// <param name="isTerminal">Whether what is still going on can be shown and wiped away again, and colours are welcome (unless NO_COLOR says otherwise).</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The exit code, see <see cref="DoctorReport.ExitCode"/>.</returns>
    internal static async Task<int> RunAsync(WebApplicationBuilder builder, TextWriter output, bool json, bool isTerminal, CancellationToken cancellation)
    {
        var (result, problems) = builder.ReadLuciaSettings();
        var settings = problems.Count == 0 ? result.Settings : null;
        var blots = settings is null ? [] : Secrets(settings);
        var pending = Examinations(settings).Select(examination => (examination.Names, Findings: examination.RunAsync(cancellation))).ToList();
        var colours = isTerminal && Environment.GetEnvironmentVariable("NO_COLOR") is null or "";

        List<Finding> findings = [];
        Add([Examine(result, problems, settings)]);
        var start = Stopwatch.GetTimestamp();
        foreach (var (_, running) in pending)
        {
            while (isTerminal && !running.IsCompleted)
            {
                var names = pending.Where(other => !other.Findings.IsCompleted).Select(other => other.Names[0]);
                output.Write(string.Create(CultureInfo.InvariantCulture, $"\r\u001b[K… {string.Join(", ", names)} ({Stopwatch.GetElapsedTime(start).TotalSeconds:0} s)"));
                await Task.WhenAny(running, Task.Delay(Glance, cancellation));
            }

            Add(await running);
        }

        var report = new DoctorReport(findings);
        await output.WriteLineAsync(json ? report.ToJson() : report.Summary());
        return report.ExitCode;

        void Add(IEnumerable<Finding> found)
        {
            foreach (var finding in found.Select(Clean))
            {
                findings.Add(finding);
                if (json) continue;
                if (isTerminal) output.Write("\r\u001b[K");
                foreach (var line in DoctorReport.Lines(finding, colours)) output.WriteLine(line);
            }
        }

        // Servers repeat what they were sent, and may send what steers a terminal.
        Finding Clean(Finding finding) => finding with { Found = Plain(finding.Found), Remedy = finding.Remedy is { } remedy ? Plain(remedy) : null };

        string Plain(string text) =>
            string.Concat(blots.Aggregate(text, static (clean, secret) => clean.Replace(secret, "***", StringComparison.Ordinal)).Select(letter => char.IsControl(letter) ? ' ' : letter));
    }

    private static Finding Examine(SettingsResult result, IReadOnlyList<SettingProblem> problems, LuciaSettings? settings)
    {
        if (settings is null)
        {
            var found = problems.Count == 1 ? "There is 1 problem." : string.Create(CultureInfo.InvariantCulture, $"There are {problems.Count} problems.");
            return new(Settings, CheckStatus.Fail, found, string.Join(' ', problems.Select(problem => $"{problem.Setting}: {problem.Remedy}"))) { Problems = problems };
        }

        return result.Warnings.Count > 0
            ? new(Settings, CheckStatus.Warn, string.Join(" ", result.Warnings), "Correct the names, or remove what is not used.")
            : new(Settings, CheckStatus.Pass, string.Create(CultureInfo.InvariantCulture, $"{result.Values.Count} are set, and all of them can be used."));
    }

    private static IEnumerable<Examination> Examinations(LuciaSettings? settings) => settings is null
        ? [.. new[] { "redis", "redis-policy", "home-assistant", "home-entities", "chat-model", "chat-streaming", "tool-calling", "embedding-model" }.Select(name => new Unexamined(name))]
        : [new RedisExamination(settings.Redis), new HomeExamination(settings), new ChatModelExamination(settings), new EmbeddingModelExamination(settings.EmbeddingModel)];

    /// <summary>Everything secret, the longest first: one may be part of another.</summary>
    private static string[] Secrets(LuciaSettings settings) =>
    [
        .. new[] { settings.ApiKey, settings.ChatModel.AccessKey, settings.EmbeddingModel?.AccessKey, settings.HomeAssistant?.AccessToken, settings.Redis?.Password }
            .OfType<string>().Where(secret => secret.Length > 0).OrderByDescending(secret => secret.Length),
    ];

    /// <summary>What cannot be looked at until the settings are right.</summary>
    private sealed class Unexamined(string name) : Examination([name], TimeSpan.FromSeconds(1))
    {
        protected override string WhenTooSlow => "";

        protected override async IAsyncEnumerable<Finding> FindAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
        {
            await Task.CompletedTask;
            yield return new(Names[0], CheckStatus.Skip, "Not looked at: the settings come first.");
        }
    }
}
