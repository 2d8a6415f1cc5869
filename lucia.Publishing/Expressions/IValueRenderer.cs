namespace Lucia.Publishing.Expressions;

/// <summary>How a target writes each part of a value. Quoting for the surrounding file is the caller's.</summary>
public interface IValueRenderer
{
    /// <summary>Plain text; escape here what the target would expand (<c>$</c> as <c>$$</c> and the like).</summary>
    string Literal(string text);

    /// <summary>A reference to a parameter.</summary>
    string Parameter(ParameterPart part);

    /// <summary>A host, port or scheme.</summary>
    string Endpoint(EndpointPart part);

    /// <summary>An image reference.</summary>
    string Image(ImagePart part);
}
