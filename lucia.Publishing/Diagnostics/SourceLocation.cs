namespace Lucia.Publishing.Diagnostics;

/// <summary>A place in a manifest.</summary>
/// <param name="Resource">The resource's name, or empty for the manifest itself.</param>
/// <param name="JsonPath">A JSONPath (RFC 9535) such as <c>$.resources.redis.bindings.tcp</c>.</param>
/// <param name="Line">One-based line, where known.</param>
/// <param name="Column">One-based column in bytes, where known.</param>
public sealed record SourceLocation(string Resource, string JsonPath, int? Line = null, int? Column = null)
{
    /// <summary>The manifest as a whole.</summary>
    public static SourceLocation Manifest { get; } = new("", "$");

    /// <summary>The same place seen from another path, for a member that is not there.</summary>
    public SourceLocation Child(string name) => this with { JsonPath = JsonPath + PathSegment(name) };

    /// <summary><c>.name</c> where JSONPath's shorthand allows it, <c>['na-me']</c> otherwise.</summary>
    public static string PathSegment(string name)
    {
        var plain = name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
        return plain ? "." + name : "['" + name.Replace("\\", @"\\").Replace("'", @"\'") + "']";
    }
}
