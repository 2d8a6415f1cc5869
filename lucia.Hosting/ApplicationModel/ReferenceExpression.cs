using System.Runtime.CompilerServices;
using System.Text;
using Aspire.Hosting.Publishing;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>
/// Text with values in it that are known only later: resolved when the application runs, written as placeholders to the manifest.
/// </summary>
/// <example><code>ReferenceExpression.Create($"{redis.GetEndpoint("tcp").Property(EndpointProperty.Host)}:6379")</code></example>
public sealed class ReferenceExpression : IExpressionValue, IValueWithReferences
{
    /// <summary>An expression without text or values.</summary>
    public static readonly ReferenceExpression Empty = new([], []);

    private readonly IReadOnlyList<Segment> _segments;

    private ReferenceExpression(IReadOnlyList<Segment> segments, IReadOnlyList<IValueProvider> providers)
    {
        _segments = segments;
        ValueProviders = providers;
    }

    private ReferenceExpression(IExpressionValue condition, string match, ReferenceExpression whenTrue, ReferenceExpression whenFalse)
        : this([], [.. whenTrue.ValueProviders, .. whenFalse.ValueProviders])
    {
        Condition = condition;
        MatchValue = match;
        WhenTrue = whenTrue;
        WhenFalse = whenFalse;
        Name = ConditionalName.Of(condition, match, whenTrue, whenFalse);
    }

    /// <summary>The values in the text, in order; of a conditional expression, those of both branches.</summary>
    public IReadOnlyList<IValueProvider> ValueProviders { get; }

    /// <summary>Whether one of two expressions is chosen by a value.</summary>
    public bool IsConditional => Condition is not null;

    /// <summary>The value that chooses, when conditional.</summary>
    public IValueProvider? Condition { get; }

    /// <summary>The text the condition is compared with, regardless of case.</summary>
    public string? MatchValue { get; }

    /// <summary>The expression that holds when the condition matches.</summary>
    public ReferenceExpression? WhenTrue { get; }

    /// <summary>The expression that holds when it does not.</summary>
    public ReferenceExpression? WhenFalse { get; }

    /// <summary>The manifest's name for a conditional expression.</summary>
    internal string? Name { get; }

    /// <inheritdoc/>
    public string ValueExpression => Render(static segment => segment.Manifest);

    IEnumerable<object> IValueWithReferences.References => IsConditional ? [Condition!, WhenTrue!, WhenFalse!] : ValueProviders;

    /// <summary>Makes an expression from an interpolated string whose holes are values of the model.</summary>
    public static ReferenceExpression Create(in ExpressionInterpolatedStringHandler handler) => handler.GetExpression();

    /// <summary>Makes an expression that is one of two others, chosen by a value.</summary>
    public static ReferenceExpression CreateConditional(
        IValueProvider condition, string matchValue, ReferenceExpression whenTrue, ReferenceExpression whenFalse) =>
        new((IExpressionValue)condition, matchValue, whenTrue, whenFalse);

    /// <summary>The text with every value in its place, or null for an expression without text.</summary>
    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default)
    {
        if (IsConditional)
        {
            var condition = await Condition!.GetValueAsync(cancellationToken);
            var branch = string.Equals(condition, MatchValue, StringComparison.OrdinalIgnoreCase) ? WhenTrue! : WhenFalse!;
            return await branch.GetValueAsync(cancellationToken);
        }

        if (_segments.Count == 0)
            return null;

        var text = new StringBuilder();
        foreach (var segment in _segments)
        {
            var value = segment.Provider is null ? segment.Text : await segment.Provider.GetValueAsync(cancellationToken);
            text.Append(segment.Format is null || value is null ? value : ValueFormat.Apply(value, segment.Format));
        }

        return text.ToString();
    }

    /// <summary>The text with every value replaced by its placeholder; <paramref name="formatted"/> names those that carry a format.</summary>
    internal string Render(Func<Segment, string> formatted) =>
        IsConditional
            ? $"{{{Name}.connectionString}}"
            : string.Concat(_segments.Select(segment => segment.Provider is null ? segment.Text : formatted(segment)));

    internal IReadOnlyList<Segment> Segments => _segments;

    internal static ReferenceExpression FromSegments(IReadOnlyList<Segment> segments) =>
        new(segments, [.. segments.Where(segment => segment.Provider is not null).Select(segment => segment.Provider!)]);

    /// <summary>A stretch of literal text or one value.</summary>
    internal sealed record Segment(string Text, IValueProvider? Provider = null, string? Format = null)
    {
        internal string Manifest => Provider is IManifestExpressionProvider provider ? provider.ValueExpression : Text;
    }

    /// <summary>Collects the parts of an interpolated string; the compiler calls it.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct ExpressionInterpolatedStringHandler(int literalLength, int formattedCount)
    {
        private readonly List<Segment> _parts = new((literalLength > 0 ? 1 : 0) + (formattedCount * 2));

        /// <summary>Adds text as it is.</summary>
        public void AppendLiteral(string value) => _parts.Add(new Segment(value));

        /// <summary>Adds text as it is.</summary>
        public void AppendFormatted(string? value) => _parts.Add(new Segment(value ?? ""));

        /// <summary>Adds a value.</summary>
        public void AppendFormatted<T>(T valueProvider) where T : IValueProvider, IManifestExpressionProvider =>
            _parts.Add(new Segment("", valueProvider));

        /// <summary>Adds a value that is transformed; <c>uri</c> escapes it for a URI.</summary>
        public void AppendFormatted<T>(T valueProvider, string? format) where T : IValueProvider, IManifestExpressionProvider =>
            _parts.Add(new Segment("", valueProvider, format));

        /// <summary>Adds the value of a resource.</summary>
        public void AppendFormatted<T>(IResourceBuilder<T> valueProvider) where T : IResource, IValueProvider, IManifestExpressionProvider =>
            _parts.Add(new Segment("", valueProvider.Resource));

        internal ReferenceExpression GetExpression() => FromSegments(_parts);
    }
}

/// <summary>Builds a <see cref="ReferenceExpression"/> piece by piece.</summary>
public sealed class ReferenceExpressionBuilder
{
    private readonly List<ReferenceExpression.Segment> _segments = [];

    /// <summary>Whether nothing was added yet.</summary>
    public bool IsEmpty => _segments.Count == 0;

    /// <summary>Adds text as it is.</summary>
    public void AppendLiteral(string value) => _segments.Add(new(value));

    /// <summary>Adds an interpolated string whose holes are values of the model.</summary>
    public void Append(in ReferenceExpression.ExpressionInterpolatedStringHandler handler)
    {
        var expression = handler.GetExpression();
        _segments.AddRange(expression.Segments);
    }

    /// <summary>The expression built so far.</summary>
    public ReferenceExpression Build() => ReferenceExpression.FromSegments([.. _segments]);
}

internal static class ValueFormat
{
    internal static string Apply(string value, string format) => format.ToLowerInvariant() switch
    {
        "uri" => Uri.EscapeDataString(value),
        _ => throw new FormatException($"The format '{format}' is not supported; 'uri' is.")
    };
}
