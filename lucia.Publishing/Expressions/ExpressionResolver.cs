using Lucia.Publishing.Diagnostics;
using Lucia.Publishing.Manifest;

namespace Lucia.Publishing.Expressions;

/// <summary>Follows every reference of a manifest to its end. Each text is resolved once and complains once, at its own place.</summary>
internal sealed class ExpressionResolver
{
    private const int MostParts = 10_000;
    private const int MostCharacters = 1024 * 1024;
    private const int DeepestNesting = 250;

    private readonly AspireManifest _manifest;
    private readonly ParameterTable _parameters;
    private readonly DiagnosticBag _diagnostics;
    private readonly ExpressionParser _parser;
    private readonly ReferenceResolver _references;
    private readonly Dictionary<ManifestText, ValueExpression?> _resolved = new(ReferenceEqualityComparer.Instance);
    private readonly List<(ManifestText Text, string Name)> _open = [];

    public ExpressionResolver(AspireManifest manifest, ParameterTable parameters, bool skipUnsupported, DiagnosticBag diagnostics)
    {
        _manifest = manifest;
        _parameters = parameters;
        _diagnostics = diagnostics;
        _parser = new ExpressionParser(name => manifest.Find(name) is not null, diagnostics);
        _references = new ReferenceResolver(this, parameters, skipUnsupported, diagnostics);
    }

    /// <summary>The value of a text, or null when something in it could not be resolved (reported where it is wrong).</summary>
    public ValueExpression? Resolve(ManifestText text) => Resolve(text, "");

    internal ValueExpression? Resolve(ManifestText text, string name)
    {
        if (_resolved.TryGetValue(text, out var known))
            return known;
        var again = _open.FindIndex(o => ReferenceEquals(o.Text, text));
        if (again >= 0)
        {
            var circle = string.Join(" → ", _open.Skip(again).Select(static o => o.Name).Append(_open[again].Name));
            _diagnostics.Report(DiagnosticCatalogue.Cycle, text.At, $"The value refers to itself: {circle}.");
            return null;
        }

        if (_open.Count >= DeepestNesting)
        {
            _diagnostics.Report(DiagnosticCatalogue.TooLarge, text.At, $"The value nests deeper than {DeepestNesting} references.");
            return null;
        }

        _open.Add((text, name));
        var value = ResolveTokens(text);
        _open.RemoveAt(_open.Count - 1);
        return _resolved[text] = value;
    }

    private ValueExpression? ResolveTokens(ManifestText text)
    {
        var parts = new List<ValuePart>();
        var failed = false;
        var counted = 0;
        var length = 0L;
        foreach (var token in _parser.Parse(text))
        {
            if (!token.IsReference)
            {
                parts.Add(new LiteralPart(token.Text));
                length += token.Text.Length;
                counted = parts.Count;
                continue;
            }
            var resource = _manifest.Find(token.Path[0]);
            if (resource is null)
            {
                var names = _manifest.Resources.Select(static r => r.Name).ToList();
                _diagnostics.Report(
                    DiagnosticCatalogue.UnknownResource, text.At, $"{token.Text} names '{token.Path[0]}', which is not in the manifest.",
                    Suggestion.For(token.Path[0], names, "resources"));
                failed = true;
            }
            else if (_references.Resolve(resource, token, text) is { } value)
            {
                parts.AddRange(value.Parts);
            }
            else
            {
                failed = true;
            }
            length += parts.Skip(counted).OfType<LiteralPart>().Sum(static l => (long)l.Text.Length);
            counted = parts.Count;
            if (counted > MostParts || length > MostCharacters)
            {
                _diagnostics.Report(DiagnosticCatalogue.TooLarge, text.At, $"The value has more than {MostParts} parts or {MostCharacters} characters.");
                return null;
            }
        }
        return failed ? null : ValueExpression.Of(parts);
    }

    /// <summary>The value of a declared input.</summary>
    internal ValueExpression Input(ManifestResource resource, InputDeclaration input) =>
        ValueExpression.Of([_parameters.ForInput(resource, input)]);
}
