using System.Text;
using System.Text.Json;
using Lucia.Publishing.Expressions;
using static Lucia.Publishing.Tests.Planning;

namespace Lucia.Publishing.Tests.Expressions;

/// <summary>Thousands of random manifests whose right answer is known by construction. The seed is fixed: a failure repeats.</summary>
public sealed class ExpressionPropertyTests
{
    private const int Cases = 3000;

    [Fact]
    public void Nested_values_resolve_to_what_they_were_made_of()
    {
        var random = new Random(20260101);
        for (var number = 0; number < Cases; number++)
        {
            var (json, expected, secret) = RandomManifest(random);

            var plan = Planned(json);

            var value = plan.Workload("w").Environment.Single().Value;
            value.ToString().ShouldBe(expected, json);
            value.IsSecret.ShouldBe(secret, json);
        }
    }

    [Fact]
    public void Text_without_references_stays_as_it_is()
    {
        var random = new Random(7);
        for (var number = 0; number < Cases; number++)
        {
            var text = RandomText(random, "ab{}.$ :/*-{{}}\"'\\\n€", 24);

            var (plan, diagnostics) = Try(Resources($"\"w\": {{ \"type\": \"container.v0\", \"image\": \"nginx:1\", \"env\": {{ \"X\": {JsonSerializer.Serialize(text)} }} }}"));

            // {a.b} names a resource that is not there; everything else is text.
            if (diagnostics.HasErrors)
                diagnostics.Errors.ShouldAllBe(static d => d.Number == "LUCIA1302");
            else
                plan!.Workload("w").Environment.Single().Value.Literal.ShouldBe(text);
        }
    }

    [Fact]
    public void Encoding_a_joined_value_is_the_same_as_joining_encoded_values()
    {
        var random = new Random(11);
        for (var number = 0; number < Cases; number++)
        {
            var before = RandomText(random, "ab /?#%&=+ä", 8);
            var after = RandomText(random, "ab /?#%&=+ä", 8);
            var secret = RandomText(random, "xy@:/% ", 8);
            var plan = Planned(Resources($"{Samples.Parameter("p", secret: true)}, "
                + $"\"e\": {{ \"type\": \"annotated.string\", \"value\": {JsonSerializer.Serialize(before + "{p.value}" + after)}, \"filter\": \"uri\" }}, {Samples.Container("w", "{e.value}")}"));

            var rendered = plan.Workload("w").Environment.Single().Value.Render(new Known(secret));

            rendered.ShouldBe(Uri.EscapeDataString(before + secret + after));
        }
    }

    private static (string Json, string Expected, bool Secret) RandomManifest(Random random)
    {
        var members = new List<string>
        {
            "\"r\": { \"type\": \"container.v0\", \"image\": \"redis:8\", \"bindings\": { \"tcp\": { \"scheme\": \"redis\", \"protocol\": \"tcp\", \"transport\": \"tcp\", \"targetPort\": 6379 } } }",
            Samples.Parameter("plain"),
            Samples.Parameter("hidden", secret: true),
        };
        var known = new List<(string Reference, string Expected, bool Secret)>
        {
            ("{r.bindings.tcp.host}", "{r.bindings.tcp.host}", false),
            ("{r.bindings.tcp.url}", "{r.bindings.tcp.scheme}://{r.bindings.tcp.host}:{r.bindings.tcp.port}", false),
            ("{plain.value}", "{plain.value}", false),
            ("{hidden.value}", "{hidden.value}", true),
            ("{hidden.inputs.value}", "{hidden.value}", true),
        };
        var depth = random.Next(1, 7);
        for (var level = 0; level < depth; level++)
        {
            var (source, expected, secret) = Join(random, known);
            members.Insert(random.Next(members.Count + 1), $"\"v{level}\": {{ \"type\": \"value.v0\", \"connectionString\": {JsonSerializer.Serialize(source)} }}");
            known.Add(($"{{v{level}.connectionString}}", expected, secret));
        }
        var last = Join(random, known);
        members.Add($"\"w\": {{ \"type\": \"container.v0\", \"image\": \"nginx:1\", \"env\": {{ \"X\": {JsonSerializer.Serialize(last.Source)} }} }}");
        return (Resources(string.Join(", ", members)), last.Expected, last.Secret);
    }

    private static (string Source, string Expected, bool Secret) Join(Random random, List<(string Reference, string Expected, bool Secret)> known)
    {
        var source = new StringBuilder();
        var expected = new StringBuilder();
        var secret = false;
        for (var pieces = random.Next(0, 4); pieces > 0; pieces--)
        {
            var text = RandomText(random, "ab;=,/ ${}", 5);
            // A brace right before a reference would be another text than the one meant.
            text = text.Replace("{", "[");
            var (reference, value, hidden) = known[random.Next(known.Count)];
            source.Append(text).Append(reference);
            expected.Append(text).Append(value);
            secret |= hidden;
        }
        return (source.ToString(), expected.ToString(), secret);
    }

    private static string RandomText(Random random, string alphabet, int most) =>
        new([.. Enumerable.Range(0, random.Next(most)).Select(_ => alphabet[random.Next(alphabet.Length)])]);

    private sealed class Known(string secret) : IValueRenderer
    {
        public string Literal(string text) => text;

        public string Parameter(ParameterPart part) => part.UriEncoded ? Uri.EscapeDataString(secret) : secret;

        public string Endpoint(EndpointPart part) => throw new NotSupportedException();

        public string Image(ImagePart part) => throw new NotSupportedException();
    }
}
