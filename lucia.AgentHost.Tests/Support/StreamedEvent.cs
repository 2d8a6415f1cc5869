using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace Lucia.AgentHost.Tests.Support;

/// <summary>One server-sent event as it came over the wire; a comment has no name.</summary>
/// <param name="Name">Such as <c>delta</c>; null for a comment.</param>
/// <param name="Text">The data, or the comment's words.</param>
internal sealed record StreamedEvent(string? Name, string Text)
{
    public JsonNode Json => JsonNode.Parse(Text)!;

    public static async IAsyncEnumerable<StreamedEvent> ReadAsync(Stream stream, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var reader = new StreamReader(stream);
        string? name = null;
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            if (line.StartsWith(':')) yield return new(null, line[1..].Trim());
            else if (line.StartsWith("event: ", StringComparison.Ordinal)) name = line["event: ".Length..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal)) yield return new(name, line["data: ".Length..]);
        }
    }
}

/// <summary>A whole stream.</summary>
internal sealed record StreamedReply(HttpResponseMessage Response, IReadOnlyList<StreamedEvent> Events)
{
    public IReadOnlyList<string?> Names => [.. Events.Select(happened => happened.Name)];

    /// <summary>What the user read, piece by piece.</summary>
    public string Text => string.Concat(Of("delta").Select(happened => happened.Json["text"]!.GetValue<string>()));

    public IEnumerable<StreamedEvent> Of(string name) => Events.Where(happened => happened.Name == name);

    public JsonNode Done => Of("done").ShouldHaveSingleItem().Json;

    public JsonNode Error => Of("error").ShouldHaveSingleItem().Json;
}
