using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lucia.Simulator;

/// <summary>JSON as Home Assistant and OpenAI write it: plain UTF-8, nothing escaped that need not be, snake_case names spelled out.</summary>
internal static class Json
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonDocumentOptions Bounded = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    public static string Text(JsonNode? node) => System.Text.Encoding.UTF8.GetString(Bytes(node).Span);

    public static ReadOnlyMemory<byte> Bytes(JsonNode? node)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, Relaxed))
        {
            if (node is null)
                writer.WriteNullValue();
            else
                node.WriteTo(writer);
        }

        return buffer.WrittenMemory;
    }

    public static async Task WriteAsync(HttpResponse response, JsonNode? body, int status = StatusCodes.Status200OK)
    {
        response.StatusCode = status;
        response.ContentType = "application/json";
        var bytes = Bytes(body);
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes, response.HttpContext.RequestAborted);
    }

    /// <summary>Reads the body as a JSON object; an empty body is an empty object.</summary>
    /// <exception cref="JsonException">The body is not a JSON object.</exception>
    public static async Task<JsonObject> ReadObjectAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        if (body.Length == 0)
            return [];
        return Parse(body.GetBuffer().AsSpan(0, (int)body.Length)) as JsonObject ?? throw new JsonException("The body is not a JSON object.");
    }

    /// <summary>Parses text that others wrote.</summary>
    /// <exception cref="JsonException">The text is not JSON, or an object names a key twice.</exception>
    public static JsonNode? Parse(ReadOnlySpan<byte> utf8) => JsonNode.Parse(utf8, documentOptions: Bounded);

    public static JsonNode? TryParse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        try
        {
            return Parse(System.Text.Encoding.UTF8.GetBytes(text));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static string? String(this JsonNode? node, string name) => (node as JsonObject)?[name].AsString();

    public static string? AsString(this JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public static double? Number(this JsonNode? node, string name) => (node as JsonObject)?[name].AsNumber();

    /// <summary>A number, or text that holds one, as Home Assistant's own coercion accepts it.</summary>
    public static double? AsNumber(this JsonNode? node) => node is not JsonValue value ? null
        : value.TryGetValue<double>(out var number) ? number
        : value.TryGetValue<int>(out var whole) ? whole
        : value.TryGetValue<long>(out var large) ? large
        : value.TryGetValue<string>(out var text)
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) && double.IsFinite(parsed) ? parsed
        : null;

    public static bool? Flag(this JsonNode? node, string name) =>
        (node as JsonObject)?[name] is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : null;

    public static JsonArray Array(IEnumerable<string> items) => new([.. items.Select(item => (JsonNode)item)]);

    /// <summary>One string or an array of strings; anything else is <see langword="null"/>.</summary>
    public static IReadOnlyList<string>? Strings(JsonNode? node) => node switch
    {
        null => [],
        JsonValue value when value.TryGetValue<string>(out var text) => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
        JsonArray array when array.All(item => item.AsString() is not null) => [.. array.Select(item => item.AsString()!)],
        _ => null,
    };
}
