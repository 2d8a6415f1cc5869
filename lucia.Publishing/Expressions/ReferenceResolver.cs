using Lucia.Publishing.Diagnostics;
using Lucia.Publishing.Manifest;

namespace Lucia.Publishing.Expressions;

/// <summary>Says what one <c>{resource.path}</c> stands for.</summary>
internal sealed class ReferenceResolver(
    ExpressionResolver expressions, ParameterTable parameters, bool skipUnsupported, DiagnosticBag diagnostics)
{
    private static readonly string[] BindingProperties = ["host", "port", "targetPort", "scheme", "url", "hostAndPort", "tlsEnabled"];

    public ValueExpression? Resolve(ManifestResource resource, ExpressionToken token, ManifestText text)
    {
        if (resource is UnsupportedResource unsupported)
            return Skipped(unsupported, token, text);
        return token.Path switch
        {
            [_, "connectionString"] => ConnectionString(resource, token, text),
            [_, "value"] => Value(resource, token, text),
            [_, "inputs", var input] => Input(resource, input, token, text),
            [_, "bindings", var binding, var property] => Binding(resource, binding, property, token, text),
            [_, "containerImage" or "image"] when resource is WorkloadResource => ValueExpression.Of([new ImagePart(resource.Name)]),
            [_, "containerPort"] when resource is WorkloadResource workload => ContainerPort(workload, token, text),
            _ => UnknownProperty(token, text),
        };
    }

    private ValueExpression? Skipped(UnsupportedResource resource, ExpressionToken token, ManifestText text)
    {
        if (!skipUnsupported)
            return null; // the resource itself is the error; a second one for each use would bury it
        var name = string.Join('-', token.Path);
        diagnostics.Report(
            DiagnosticCatalogue.SkippedReference, text.At, $"{token.Text} came from '{resource.Name}' ({resource.Type}), which is left out; it is asked for as '{name}'.");
        return ValueExpression.Of([parameters.ForSkipped(name, token.Text, text.At)]);
    }

    private ValueExpression? ConnectionString(ManifestResource resource, ExpressionToken token, ManifestText text)
    {
        if (resource.ConnectionString is { } connectionString)
            return expressions.Resolve(connectionString, $"{resource.Name}.connectionString");
        return resource is AnnotatedStringResource annotated ? Filtered(annotated, text) : NoValue(resource, token, "connectionString", text);
    }

    private ValueExpression? Value(ManifestResource resource, ExpressionToken token, ManifestText text) => resource switch
    {
        ParameterResource parameter => expressions.Resolve(parameter.Value, $"{resource.Name}.value"),
        AnnotatedStringResource annotated => Filtered(annotated, text),
        ValueResource { Value: { } value } => expressions.Resolve(value, $"{resource.Name}.value"),
        ValueResource { ConnectionString: { } connectionString } => expressions.Resolve(connectionString, $"{resource.Name}.connectionString"),
        _ => NoValue(resource, token, "value", text),
    };

    private ValueExpression? Filtered(AnnotatedStringResource annotated, ManifestText text)
    {
        var value = expressions.Resolve(annotated.Value, $"{annotated.Name}.value");
        if (value is null || annotated.Filter != "uri")
            return null; // an unknown filter was reported by the reader
        if (value.Parameters.Any(static p => p.UriEncoded))
        {
            diagnostics.Report(DiagnosticCatalogue.EncodedTwice, text.At, $"'{annotated.Name}' encodes a value that is encoded already.");
            return null;
        }
        // Percent-encoding works character by character, so it may be pushed to the leaves; hosts and ports have nothing to encode.
        return value.Replace(static part => part switch
        {
            LiteralPart literal => new LiteralPart(Uri.EscapeDataString(literal.Text)),
            ParameterPart parameter => parameter with { UriEncoded = true },
            _ => part,
        });
    }

    private ValueExpression? Input(ManifestResource resource, string name, ExpressionToken token, ManifestText text)
    {
        if (resource.Inputs.FirstOrDefault(i => i.Name == name) is { } input)
            return expressions.Input(resource, input);
        diagnostics.Report(
            DiagnosticCatalogue.UnknownInput, text.At, $"{token.Text}: '{resource.Name}' has no input '{name}'.",
            Suggestion.For(name, [.. resource.Inputs.Select(static i => i.Name)], "inputs"));
        return null;
    }

    private ValueExpression? Binding(ManifestResource resource, string name, string property, ExpressionToken token, ManifestText text)
    {
        if (!BindingProperties.Contains(property))
        {
            diagnostics.Report(
                DiagnosticCatalogue.UnknownBindingProperty, text.At, $"{token.Text}: a binding has no '{property}'.",
                Suggestion.For(property, BindingProperties, "properties"));
            return null;
        }
        if (resource is not WorkloadResource workload)
            return Outside(resource, name, property, token, text);
        if (workload.Bindings.All(b => b.Name != name))
        {
            diagnostics.Report(
                DiagnosticCatalogue.UnknownBinding, text.At, $"{token.Text}: '{resource.Name}' has no binding '{name}'.",
                Suggestion.For(name, [.. workload.Bindings.Select(static b => b.Name)], "bindings"));
            return null;
        }

        EndpointPart Part(EndpointProperty what) => new(resource.Name, name, what);
        return ValueExpression.Of(property switch
        {
            "host" => [Part(EndpointProperty.Host)],
            "port" => [Part(EndpointProperty.Port)],
            "targetPort" => [Part(EndpointProperty.TargetPort)],
            "scheme" => [Part(EndpointProperty.Scheme)],
            "tlsEnabled" => [Part(EndpointProperty.TlsEnabled)],
            "hostAndPort" => [Part(EndpointProperty.Host), new LiteralPart(":"), Part(EndpointProperty.Port)],
            _ => [Part(EndpointProperty.Scheme), new LiteralPart("://"), Part(EndpointProperty.Host), new LiteralPart(":"), Part(EndpointProperty.Port)],
        });
    }

    private ValueExpression? Outside(ManifestResource resource, string binding, string property, ExpressionToken token, ManifestText text)
    {
        if (resource.ConnectionString is null)
        {
            diagnostics.Report(
                DiagnosticCatalogue.UnknownBinding, text.At, $"{token.Text}: '{resource.Name}' is a {resource.Type} and has no bindings.",
                "Refer to a resource that runs.");
            return null;
        }
        var name = string.Join('-', resource.Name, binding, property);
        diagnostics.Report(
            DiagnosticCatalogue.OutsideAddress, text.At, $"{token.Text}: '{resource.Name}' is outside the deployment; its {property} is asked for as '{name}'.");
        return ValueExpression.Of([parameters.ForOutside(name, token.Text, text.At)]);
    }

    private ValueExpression? ContainerPort(WorkloadResource workload, ExpressionToken token, ManifestText text)
    {
        if (workload.Bindings is [var first, ..])
            return ValueExpression.Of([new EndpointPart(workload.Name, first.Name, EndpointProperty.TargetPort)]);
        return NoValue(workload, token, "containerPort", text);
    }

    private ValueExpression? NoValue(ManifestResource resource, ExpressionToken token, string property, ManifestText text)
    {
        diagnostics.Report(DiagnosticCatalogue.NoValue, text.At, $"{token.Text}: '{resource.Name}' is a {resource.Type} without '{property}'.");
        return null;
    }

    private ValueExpression? UnknownProperty(ExpressionToken token, ManifestText text)
    {
        string[] known = ["bindings", "connectionString", "value", "inputs", "containerImage", "containerPort"];
        var detail = token.Path is [_, "bindings" or "inputs", ..] ? "is incomplete" : $"asks for '{token.Path[1]}', which is no property";
        diagnostics.Report(
            DiagnosticCatalogue.UnknownReferenceProperty, text.At, $"{token.Text} {detail}.",
            token.Path is [_, "bindings" or "inputs", ..]
                ? "Write {resource.bindings.name.property} or {resource.inputs.name}."
                : Suggestion.For(token.Path[1], known, "properties"));
        return null;
    }
}
