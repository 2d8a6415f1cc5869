using System.Collections;
using Aspire.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Sample.AppHost;

/// <summary>What the AppHost runs as its project: it tells the environment it was given.</summary>
internal static class WebService
{
    internal static async Task RunAsync()
    {
        var app = WebApplication.CreateSlimBuilder().Build();
        var hold = new Hold(Environment.GetEnvironmentVariable("SAMPLE_HOLD"));
        app.MapGet("/ready", () => hold.IsOver() ? Results.Text("ready") : Results.StatusCode(StatusCodes.Status503ServiceUnavailable));
        app.MapGet("/environment", () => Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string?)e.Value));
        await app.RunAsync();
        await hold.EndAsync();
    }

    /// <summary>
    /// Keeps the service from being ready until there is a file <c>go</c>; what was asked and when it ended is in <c>refused</c> and <c>order</c>. With
    /// the id of a dashboard in <c>dashboard</c> it takes its time to end, and tells whether that one is still there.
    /// </summary>
    private sealed class Hold(string? directory)
    {
        private readonly Lock _gate = new();
        private bool _isOver = directory is null;

        internal bool IsOver()
        {
            lock (_gate)
            {
                if (_isOver)
                    return true;
                _isOver = File.Exists(Path.Combine(directory!, "go"));
                File.AppendAllText(Path.Combine(directory!, _isOver ? "order" : "refused"), "ready\n");
                return _isOver;
            }
        }

        internal async Task EndAsync()
        {
            if (directory is null || Path.Combine(directory, "dashboard") is var told && !File.Exists(told))
                return;
            var id = (await File.ReadAllTextAsync(told)).Trim();
            await Task.Delay(500);
            await File.AppendAllTextAsync(Path.Combine(directory, "order"), Directory.Exists($"/proc/{id}") ? "ended before the dashboard\n" : "ended after the dashboard\n");
        }
    }
}

/// <summary>This assembly as a project of the model.</summary>
internal sealed class WebProject : IBuiltProjectMetadata
{
    public string ProjectPath => Path.ChangeExtension(TargetPath, ".csproj");

    public string TargetPath => typeof(WebProject).Assembly.Location;
}
