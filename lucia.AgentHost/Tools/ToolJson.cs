using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Lucia.AgentHost.Tools;

/// <summary>Writes a tool's result. Names stay readable ("Küche", not "K\u00fcche"): escapes cost tokens and confuse small models.</summary>
internal static class ToolJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Object(Action<Utf8JsonWriter> properties)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            properties(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static string Error(string message) => Object(writer =>
    {
        writer.WriteBoolean("success", false);
        writer.WriteString("error", message);
    });
}
