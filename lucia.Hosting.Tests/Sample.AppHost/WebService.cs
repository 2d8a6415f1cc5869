using System.Collections;
using Aspire.Hosting;
using Microsoft.AspNetCore.Builder;

namespace Sample.AppHost;

/// <summary>What the AppHost runs as its project: it tells the environment it was given.</summary>
internal static class WebService
{
    internal static async Task RunAsync()
    {
        var app = WebApplication.CreateSlimBuilder().Build();
        app.MapGet("/ready", () => "ready");
        app.MapGet("/environment", () => Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string?)e.Value));
        await app.RunAsync();
    }
}

/// <summary>This assembly as a project of the model.</summary>
internal sealed class WebProject : IBuiltProjectMetadata
{
    public string ProjectPath => Path.ChangeExtension(TargetPath, ".csproj");

    public string TargetPath => typeof(WebProject).Assembly.Location;
}
