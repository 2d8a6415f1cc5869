using System.Text;
using System.Text.Json;
using Lucia.Publishing.Diagnostics;

namespace Lucia.Publishing.Manifest;

/// <summary>Reads JSON into <see cref="JsonNode"/>s with line and column, and reports names that occur twice.</summary>
internal ref struct JsonNodeReader
{
    private readonly ReadOnlySpan<byte> _json;
    private readonly DiagnosticBag _diagnostics;
    private Utf8JsonReader _reader;
    private int _line = 1;
    private int _lineStart;
    private int _counted;

    private JsonNodeReader(ReadOnlySpan<byte> json, DiagnosticBag diagnostics)
    {
        _json = json;
        _diagnostics = diagnostics;
        _reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 64 });
    }

    /// <summary>The root value, or null when the text is not JSON (reported).</summary>
    public static JsonNode? Read(ReadOnlySpan<byte> json, DiagnosticBag diagnostics)
    {
        if (json.StartsWith(Encoding.UTF8.Preamble))
            json = json[3..];
        var reader = new JsonNodeReader(json, diagnostics);
        try
        {
            reader._reader.Read();
            var root = reader.ReadValue("", "$");
            reader._reader.Read();
            return root;
        }
        catch (JsonException problem)
        {
            var at = SourceLocation.Manifest with
            {
                Line = (int?)problem.LineNumber + 1,
                Column = (int?)problem.BytePositionInLine + 1,
            };
            diagnostics.Report(DiagnosticCatalogue.InvalidJson, at, Reason(problem));
        }
        catch (InvalidOperationException)
        {
            // Utf8JsonReader says so, and only so, about text that is no UTF-8 or half a surrogate pair.
            diagnostics.Report(DiagnosticCatalogue.InvalidJson, reader.Here("", "$"), "A text is not valid UTF-8.");
        }
        return null;
    }

    private JsonNode ReadValue(string resource, string path)
    {
        var at = Here(resource, path);
        switch (_reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return ReadObject(new JsonNode(JsonTokenType.StartObject, "", at));
            case JsonTokenType.StartArray:
                var list = new JsonNode(JsonTokenType.StartArray, "", at);
                while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
                    list.Items.Add(ReadValue(resource, $"{path}[{list.Items.Count}]"));
                return list;
            case JsonTokenType.String:
                return new JsonNode(JsonTokenType.String, _reader.GetString()!, at);
            case JsonTokenType.Number:
                return new JsonNode(JsonTokenType.Number, Encoding.UTF8.GetString(_reader.ValueSpan), at);
            default:
                return new JsonNode(_reader.TokenType, "", at);
        }
    }

    private JsonNode ReadObject(JsonNode node)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
        {
            var name = _reader.GetString()!;
            var resource = node.At.JsonPath == "$.resources" ? name : node.At.Resource;
            var at = Here(resource, node.At.JsonPath + SourceLocation.PathSegment(name));
            _reader.Read();
            var value = ReadValue(resource, at.JsonPath);
            if (names.Add(name))
                node.Members.Add(new(name, value));
            else
                _diagnostics.Report(DiagnosticCatalogue.DuplicateName, at, $"'{name}' occurs twice.");
        }
        return node;
    }

    private SourceLocation Here(string resource, string path)
    {
        var offset = (int)_reader.TokenStartIndex;
        for (; _counted < offset; _counted++)
        {
            if (_json[_counted] == (byte)'\n')
            {
                _line++;
                _lineStart = _counted + 1;
            }
        }
        return new SourceLocation(resource, path, _line, offset - _lineStart + 1);
    }

    private static string Reason(JsonException problem)
    {
        // The reader appends its own zero-based place, which would contradict ours, and advice to programmers.
        var end = problem.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (end < 0 ? problem.Message : problem.Message[..end]).Replace(" Change the reader options.", "", StringComparison.Ordinal);
    }
}
