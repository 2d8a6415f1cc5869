using System.Text.Json;

namespace Lucia.AppHost.Tests.Support;

/// <summary>Reads a finished stream of server-sent events.</summary>
internal static class ServerSentEvents
{
    public static IReadOnlyList<(string Name, JsonElement Data)> Read(string stream) =>
        [.. stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(block => block.Split('\n'))
            .Where(lines => lines.Any(line => line.StartsWith("data: ", StringComparison.Ordinal)))
            .Select(lines => (Field(lines, "event: "), JsonSerializer.Deserialize<JsonElement>(Field(lines, "data: "))))];

    private static string Field(string[] lines, string name) => lines.First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..];
}
