using System.Text;

namespace Lucia.Publishing.Expressions;

/// <summary>A value in its normal form: every reference followed to its end, adjacent literals joined, filters pushed to the leaves.</summary>
public sealed class ValueExpression : IEquatable<ValueExpression>
{
    private ValueExpression(IReadOnlyList<ValuePart> parts) => Parts = parts;

    /// <summary>The empty text.</summary>
    public static ValueExpression Empty { get; } = new([]);

    /// <summary>The parts in order; empty for the empty text.</summary>
    public IReadOnlyList<ValuePart> Parts { get; }

    /// <summary>Whether a secret parameter flows into the value.</summary>
    public bool IsSecret => Parts.Any(static p => p is ParameterPart { IsSecret: true });

    /// <summary>The text, when it is the same on every target, else null.</summary>
    public string? Literal => Parts switch
    {
        [] => "",
        [LiteralPart only] => only.Text,
        _ => null,
    };

    /// <summary>The parameter, when the value is nothing but one parameter as it is, else null.</summary>
    public ParameterPart? SoleParameter => Parts is [ParameterPart { UriEncoded: false } only] ? only : null;

    /// <summary>The parameters that flow into the value.</summary>
    public IEnumerable<ParameterPart> Parameters => Parts.OfType<ParameterPart>();

    /// <summary>The names of the workloads it refers to, without repetition.</summary>
    public IEnumerable<string> Workloads => Parts
        .Select(static p => p is EndpointPart endpoint ? endpoint.Workload : null)
        .OfType<string>()
        .Distinct(StringComparer.Ordinal);

    /// <summary>A text that is the same everywhere.</summary>
    public static ValueExpression FromLiteral(string text) => text.Length == 0 ? Empty : new([new LiteralPart(text)]);

    /// <summary>Joins parts into the normal form.</summary>
    public static ValueExpression Of(IEnumerable<ValuePart> parts)
    {
        var joined = new List<ValuePart>();
        foreach (var part in parts)
        {
            if (part is LiteralPart { Text.Length: 0 })
                continue;
            if (part is LiteralPart next && joined is [.., LiteralPart last])
                joined[^1] = new LiteralPart(last.Text + next.Text);
            else
                joined.Add(part);
        }
        return joined.Count == 0 ? Empty : new ValueExpression(joined);
    }

    /// <summary>Renders the value on a target.</summary>
    public string Render(IValueRenderer renderer)
    {
        var text = new StringBuilder();
        foreach (var part in Parts)
        {
            text.Append(part switch
            {
                LiteralPart literal => renderer.Literal(literal.Text),
                ParameterPart parameter => renderer.Parameter(parameter),
                EndpointPart endpoint => renderer.Endpoint(endpoint),
                ImagePart image => renderer.Image(image),
                _ => throw new InvalidOperationException($"Unknown part {part}."),
            });
        }
        return text.ToString();
    }

    /// <summary>The value with every part replaced by what <paramref name="replace"/> makes of it.</summary>
    public ValueExpression Replace(Func<ValuePart, ValuePart> replace) => Of(Parts.Select(replace));

    /// <summary>The manifest references the value stands for, the same on all targets: <c>{redis.bindings.tcp.host}:6379</c>.</summary>
    public override string ToString() => Render(CanonicalRenderer.Instance);

    /// <inheritdoc/>
    public bool Equals(ValueExpression? other) => other is not null && Parts.SequenceEqual(other.Parts);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ValueExpression);

    /// <inheritdoc/>
    public override int GetHashCode() => Parts.Aggregate(17, static (hash, part) => HashCode.Combine(hash, part));

    private sealed class CanonicalRenderer : IValueRenderer
    {
        public static CanonicalRenderer Instance { get; } = new();

        public string Literal(string text) => text;

        public string Parameter(ParameterPart part) => $"{{{part.Name}.value{(part.UriEncoded ? "|uri" : "")}}}";

        public string Endpoint(EndpointPart part)
        {
            var property = part.Property.ToString();
            return $"{{{part.Workload}.bindings.{part.Endpoint}.{char.ToLowerInvariant(property[0])}{property[1..]}}}";
        }

        public string Image(ImagePart part) => $"{{{part.Workload}.containerImage}}";
    }
}
