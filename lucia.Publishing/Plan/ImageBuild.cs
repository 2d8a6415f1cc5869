using Lucia.Publishing.Diagnostics;
using Lucia.Publishing.Expressions;

namespace Lucia.Publishing.Plan;

/// <summary>An image that has to be built; all paths are relative to the manifest.</summary>
public sealed record ImageBuild
{
    /// <summary>Resource name.</summary>
    public required string ResourceName { get; init; }

    /// <summary>Where the manifest declares what it is built for.</summary>
    public required SourceLocation At { get; init; }

    /// <summary>Repository and tag it is built as unless the variable says otherwise.</summary>
    public required string Image { get; init; }

    /// <summary>The setting that names it, such as <c>WEB_IMAGE</c>.</summary>
    public required string Variable { get; init; }

    /// <summary>How it is built.</summary>
    public required BuildKind Kind { get; init; }

    /// <summary>The project file, for <see cref="BuildKind.Project"/>.</summary>
    public string? Project { get; init; }

    /// <summary>The context folder, for <see cref="BuildKind.Dockerfile"/>.</summary>
    public string? Context { get; init; }

    /// <summary>The Dockerfile.</summary>
    public string? Dockerfile { get; init; }

    /// <summary>Target stage.</summary>
    public string? Stage { get; init; }

    /// <summary>Nothing runs it; it carries files for others.</summary>
    public bool BuildOnly { get; init; }

    /// <summary>Build arguments; never secret. One without a value is taken from the environment of whoever builds.</summary>
    public IReadOnlyList<KeyValuePair<string, ValueExpression?>> Args { get; init; } = [];

    /// <summary>Build secrets (<c>--secret id=…</c>).</summary>
    public IReadOnlyList<BuildSecret> Secrets { get; init; } = [];

    /// <summary>The values that its arguments and secrets are made of.</summary>
    public IEnumerable<ValueExpression> Values => Args.Select(static a => a.Value).Concat(Secrets.Select(static s => s.Value)).OfType<ValueExpression>();
}

/// <summary>How an image is built.</summary>
public enum BuildKind
{
    /// <summary><c>dotnet publish -t:PublishContainer</c>.</summary>
    Project,

    /// <summary><c>docker build</c>.</summary>
    Dockerfile,

    /// <summary>By a person: nothing says how.</summary>
    ByHand,
}

/// <summary>A build secret: a value, or a file; with neither, the variable of its name in the environment of whoever builds.</summary>
public sealed record BuildSecret(string Id, ValueExpression? Value, string? SourceFile);
