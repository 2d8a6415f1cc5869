using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lucia.ServiceDefaults;
using Lucia.Settings;

namespace Lucia.AgentHost.Doctor;

/// <summary>What the doctor found, for a person or for a program.</summary>
/// <remarks>
/// The JSON form is stable; fields may be added:
/// <code>
/// {
///   "status": "pass" | "warn" | "fail",
///   "exitCode": 0 | 1 | 78,
///   "version": "1.2.3",
///   "checks": [
///     { "name": "redis", "status": "pass" | "warn" | "fail" | "skip", "found": "…", "remedy": "…" | null, "milliseconds": 12.3,
///       "problems": [{ "setting": "…", "source": "…" | null, "what": "…", "remedy": "…" }] }   of the check "settings" only
///   ]
/// }
/// </code>
/// Checks, in this order: settings, redis, redis-policy, home-assistant, home-entities, chat-model, chat-streaming, tool-calling, embedding-model.
/// </remarks>
internal sealed class DoctorReport(IReadOnlyList<Finding> findings)
{
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>0 when all is well, warnings included; 1 when something fails; 78 when it is the settings.</summary>
    public int ExitCode =>
        findings.FirstOrDefault(finding => finding.Status == CheckStatus.Fail) is not { } failed ? 0
        : failed.Name == DoctorCommand.Settings ? LuciaSettingsExtensions.ConfigurationExitCode : 1;

    public string ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>(2048);
        using (var json = new Utf8JsonWriter(buffer, Readable))
        {
            json.WriteStartObject();
            json.WriteString("status", Word(Worst));
            json.WriteNumber("exitCode", ExitCode);
            json.WriteString("version", BuildVersion.Current.Version);
            json.WriteStartArray("checks");
            foreach (var finding in findings) Write(json, finding);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>One check in lines for a person: <c>warn  redis-policy     what was found</c>, and below it what to do.</summary>
    public static IEnumerable<string> Lines(Finding finding, bool colours)
    {
        const int Indent = 23;
        var word = Word(finding.Status);
        yield return $"{(colours ? $"\u001b[{Colour(finding.Status)}m{word}\u001b[0m" : word)}  {finding.Name,-Indent + 6} {finding.Found}";
        var margin = new string(' ', Indent + 1);
        foreach (var problem in finding.Problems)
        {
            yield return $"{margin}{problem.Setting}{(problem.Source is { } source ? $" (in {source})" : "")} {problem.What}";
            yield return $"{margin}  → {problem.Remedy}";
        }

        if (finding.Remedy is { } remedy && finding.Problems.Count == 0) yield return $"{margin}→ {remedy}";
    }

    /// <summary>The last line.</summary>
    public string Summary()
    {
        var (failed, warned) = (findings.Count(finding => finding.Status == CheckStatus.Fail), findings.Count(finding => finding.Status == CheckStatus.Warn));
        var warnings = warned == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {warned} to look at");
        return failed == 0 ? $"All is well{warnings}." : string.Create(CultureInfo.InvariantCulture, $"{failed} failed{warnings}.");
    }

    private CheckStatus Worst => findings.Max(finding => finding.Status) is var worst && worst == CheckStatus.Skip ? CheckStatus.Pass : worst;

    private static void Write(Utf8JsonWriter json, Finding finding)
    {
        json.WriteStartObject();
        json.WriteString("name", finding.Name);
        json.WriteString("status", Word(finding.Status));
        json.WriteString("found", finding.Found);
        json.WriteString("remedy", finding.Remedy);
        json.WriteNumber("milliseconds", Math.Round(finding.Took.TotalMilliseconds, 1));
        if (finding.Name == DoctorCommand.Settings)
        {
            json.WriteStartArray("problems");
            foreach (var problem in finding.Problems) Write(json, problem);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, SettingProblem problem)
    {
        json.WriteStartObject();
        json.WriteString("setting", problem.Setting);
        json.WriteString("source", problem.Source);
        json.WriteString("what", problem.What);
        json.WriteString("remedy", problem.Remedy);
        json.WriteEndObject();
    }

    private static string Word(CheckStatus status) => status switch
    {
        CheckStatus.Pass => "pass",
        CheckStatus.Warn => "warn",
        CheckStatus.Fail => "fail",
        _ => "skip",
    };

    private static int Colour(CheckStatus status) => status switch
    {
        CheckStatus.Pass => 32,
        CheckStatus.Warn => 33,
        CheckStatus.Fail => 31,
        _ => 90,
    };
}
