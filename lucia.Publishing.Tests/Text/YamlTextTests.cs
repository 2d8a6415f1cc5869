using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Lucia.Publishing.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Lucia.Publishing.Tests.Text;

public sealed partial class YamlTextTests
{
    private const string Alphabet = "abcyYnN01:.-_ #'\"\\{}[],&*!|>%@`~=?$+/\n\t\r\u0001\u0085€😀;()<^";

    private static IReadOnlyList<string> Texts { get; } = [.. RandomTexts.All(Alphabet, 5000).Where(static t => !HasHalfSurrogate(t))];

    [Fact]
    public void Any_text_is_read_back_by_a_YAML_1_2_reader()
    {
        foreach (var (style, value, text) in Read(Document()).Zip(Texts, static (s, t) => (s.Style, s.Value, t)))
        {
            value.ShouldBe(text);
            // The 1.2 core schema gives only plain scalars another type than text.
            if (style == ScalarStyle.Plain)
                CoreSchema().IsMatch(text).ShouldBeFalse($"'{text}' stands plain");
        }
    }

    [Fact]
    public async Task Any_text_is_read_back_by_a_YAML_1_1_reader()
    {
        const string script = "import sys, json\ntry:\n  import yaml\nexcept ImportError:\n  print('null'); sys.exit()\nprint(json.dumps(yaml.safe_load(sys.stdin.buffer.read().decode())))";
        var output = await Tool.RunAsync("python3", ["-c", script], Encoding.UTF8.GetBytes(Document()), TestContext.Current.CancellationToken);
        using var json = JsonDocument.Parse(output);
        if (json.RootElement.ValueKind == JsonValueKind.Null)
            Assert.Skip("Python has no PyYAML.");

        var read = json.RootElement.EnumerateArray().ToList();

        read.Count.ShouldBe(Texts.Count);
        foreach (var (value, text) in read.Zip(Texts))
        {
            value.ValueKind.ShouldBe(JsonValueKind.String, $"'{text}'");
            value.GetString().ShouldBe(text);
        }
    }

    [Fact]
    public void Keys_are_quoted_like_values()
    {
        var map = new YamlMap();
        var keys = Texts.Where(static t => t.Length < 100).Distinct().ToList();
        foreach (var key in keys)
            map.Add(key, 1);

        var scalars = Read(YamlText.Write(map)).ToList();

        scalars.Where(static (_, i) => i % 2 == 0).Select(static s => s.Value).ShouldBe(keys);
    }

    [Fact]
    public void Everyday_texts_stand_plain()
    {
        foreach (var text in new[] { "redis:8.2-alpine", "unless-stopped", "5s", "512Mi", "${LUCIA_BIND:-127.0.0.1}:${LUCIA_PORT:-5000}:8080", "/run/secrets", "./secrets/a", "no-new-privileges:true" })
            YamlText.Scalar(text).ShouldBe(text);
    }

    [Fact]
    public void Maps_lists_comments_and_lines_are_laid_out_as_people_write_them()
    {
        var document = new YamlMap()
            .Add("name", "shop", "What it is called.")
            .AddComment("")
            .Add("services", new YamlMap
            {
                { "web", new YamlMap { { "ports", new YamlList("8080:80") }, { "init", true }, { "empty", new YamlMap() }, { "none", null } } },
            })
            .Add("steps", new YamlList(new YamlMap { { "run", "a\nb\n" }, { "id", 1 } }, new YamlMap().Add("x", "y", "why")))
            .AddLine("{{- if .Values.on }}")
            .Add("raw", YamlScalar.Raw("{{ .Values.x | quote }}"));

        YamlText.Write(document, "Made by a program.").ShouldBe("""
            # Made by a program.
            # What it is called.
            name: shop

            services:
              web:
                ports:
                  - "8080:80"
                init: true
                empty: {}
            steps:
              - run: |
                  a
                  b
                id: 1
              -
                # why
                x: "y"
            {{- if .Values.on }}
            raw: {{ .Values.x | quote }}

            """);
    }

    private static string Document() => YamlText.Write(YamlList.Of(Texts));

    private static IEnumerable<Scalar> Read(string yaml)
    {
        var parser = new Parser(new StringReader(yaml));
        while (parser.MoveNext())
        {
            if (parser.Current is Scalar scalar)
                yield return scalar;
        }
    }

    private static bool HasHalfSurrogate(string text) =>
        text.Where((c, i) => char.IsSurrogate(c) && !(char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            && !(char.IsLowSurrogate(c) && i > 0 && char.IsHighSurrogate(text[i - 1]))).Any();

    // https://yaml.org/spec/1.2.2/#1032-tag-resolution
    [GeneratedRegex(@"^(?:null|Null|NULL|~||true|True|TRUE|false|False|FALSE|[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?(?:\.inf|\.Inf|\.INF)|\.nan|\.NaN|\.NAN)$")]
    private static partial Regex CoreSchema();
}
