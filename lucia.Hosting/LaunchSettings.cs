using System.Text.Json;

namespace Aspire.Hosting;

/// <summary>A profile of a project's <c>Properties/launchSettings.json</c>.</summary>
internal sealed record LaunchProfile(
    string Name, IReadOnlyList<string> ApplicationUrls, string? CommandLineArgs, IReadOnlyDictionary<string, string> EnvironmentVariables)
{
    /// <summary>The profiles of a project that start the project itself, in the file's order.</summary>
    /// <exception cref="DistributedApplicationException">The file is no JSON.</exception>
    internal static IReadOnlyList<LaunchProfile> Of(string projectDirectory)
    {
        var path = Path.Combine(projectDirectory, "Properties", "launchSettings.json");
        if (!File.Exists(path))
            return [];
        try
        {
            using var document = JsonDocument.Parse(
                File.ReadAllBytes(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return document.RootElement.TryGetProperty("profiles", out var profiles)
                ? [.. profiles.EnumerateObject().Where(p => Text(p.Value, "commandName") is null or "Project").Select(Read)]
                : [];
        }
        catch (JsonException error)
        {
            throw new DistributedApplicationException($"{path} is no valid JSON: {error.Message}", error);
        }
    }

    private static LaunchProfile Read(JsonProperty profile) => new(
        profile.Name,
        Text(profile.Value, "applicationUrl")?.Split(';', StringSplitOptions.RemoveEmptyEntries) ?? [],
        Text(profile.Value, "commandLineArgs"),
        profile.Value.TryGetProperty("environmentVariables", out var variables)
            ? variables.EnumerateObject().ToDictionary(v => v.Name, v => v.Value.GetString() ?? "")
            : []);

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;
}
