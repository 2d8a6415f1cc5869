using Lucia.Publishing.Diagnostics;
using Lucia.Publishing.Profile;

namespace Lucia.Publishing.Manifest;

/// <summary>Anything under <c>resources</c>.</summary>
public abstract record ManifestResource
{
    /// <summary>The resource's name.</summary>
    public required string Name { get; init; }

    /// <summary>The format's type, such as <c>container.v0</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Where the resource stands.</summary>
    public required SourceLocation At { get; init; }

    /// <summary>What <c>{name.connectionString}</c> stands for.</summary>
    public ManifestText? ConnectionString { get; init; }

    /// <summary>What a person or a generator brings; <c>{name.inputs.x}</c>.</summary>
    public IReadOnlyList<InputDeclaration> Inputs { get; init; } = [];
}

/// <summary>A resource that runs: container, project or executable.</summary>
public abstract record WorkloadResource : ManifestResource
{
    /// <summary>Arguments in order.</summary>
    public IReadOnlyList<ManifestText> Args { get; init; } = [];

    /// <summary>Environment in order.</summary>
    public IReadOnlyList<KeyValuePair<string, ManifestText>> Environment { get; init; } = [];

    /// <summary>Network bindings in order.</summary>
    public IReadOnlyList<BindingDeclaration> Bindings { get; init; } = [];

    /// <summary>Named or anonymous volumes.</summary>
    public IReadOnlyList<VolumeDeclaration> Volumes { get; init; } = [];

    /// <summary>Files and folders beside the manifest.</summary>
    public IReadOnlyList<BindMountDeclaration> BindMounts { get; init; } = [];
}

/// <summary><c>container.v0</c>, <c>container.v1</c> or <c>dockerfile.v0</c>: either an image or a build.</summary>
public sealed record ContainerResource : WorkloadResource
{
    /// <summary>The image's reference, unless it is built.</summary>
    public string? Image { get; init; }

    /// <summary>How the image is built, unless it is pulled.</summary>
    public BuildDeclaration? Build { get; init; }

    /// <summary>Replaces the image's entrypoint.</summary>
    public ManifestText? Entrypoint { get; init; }
}

/// <summary><c>project.v0</c> or <c>project.v1</c>.</summary>
public sealed record ProjectResource : WorkloadResource
{
    /// <summary>The project file, relative to the manifest, with forward slashes.</summary>
    public required string Path { get; init; }
}

/// <summary><c>executable.v0</c>.</summary>
public sealed record ExecutableResource : WorkloadResource
{
    /// <summary>The program.</summary>
    public required string Command { get; init; }

    /// <summary>Relative to the manifest, with forward slashes.</summary>
    public required string WorkingDirectory { get; init; }
}

/// <summary><c>parameter.v0</c>.</summary>
public sealed record ParameterResource : ManifestResource
{
    /// <summary>Usually <c>{name.inputs.value}</c>.</summary>
    public required ManifestText Value { get; init; }
}

/// <summary><c>value.v0</c>: a connection string made of others.</summary>
public sealed record ValueResource : ManifestResource
{
    /// <summary>A plain value, where the resource has one.</summary>
    public ManifestText? Value { get; init; }
}

/// <summary><c>annotated.string</c>: a value and a filter.</summary>
public sealed record AnnotatedStringResource : ManifestResource
{
    /// <summary>What is filtered.</summary>
    public required ManifestText Value { get; init; }

    /// <summary>The filter; the format knows <c>uri</c>.</summary>
    public required string Filter { get; init; }
}

/// <summary>A resource no target can express, or that Aspire could not write.</summary>
public sealed record UnsupportedResource : ManifestResource
{
    /// <summary>Whether the manifest holds an <c>error</c> in its place.</summary>
    public required bool NotGenerated { get; init; }
}

/// <summary><c>lucia.deployment.v0</c>: what the manifest itself cannot say.</summary>
public sealed record DeploymentProfileResource : ManifestResource
{
    /// <summary>The profile.</summary>
    public required DeploymentProfile Profile { get; init; }

    /// <summary>Where each part of the profile stands, by JSON path below the resource.</summary>
    internal JsonNode Node { get; init; } = null!;
}
