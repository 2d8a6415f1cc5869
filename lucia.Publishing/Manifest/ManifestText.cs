using Lucia.Publishing.Diagnostics;

namespace Lucia.Publishing.Manifest;

/// <summary>A text of the manifest that may hold <c>{resource.path}</c> expressions.</summary>
/// <param name="Text">As it stands in the manifest.</param>
/// <param name="At">Where it stands.</param>
public sealed record ManifestText(string Text, SourceLocation At);
