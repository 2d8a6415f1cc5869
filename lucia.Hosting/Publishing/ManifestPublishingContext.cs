using System.Text.Json;
using Aspire.Hosting.Running;

namespace Aspire.Hosting.Publishing;

/// <summary>Writes an application model as Aspire's manifest.</summary>
/// <param name="executionContext">The execution context.</param>
/// <param name="manifestPath">The manifest's path; paths in it are relative to its directory.</param>
/// <param name="writer">Writes the JSON.</param>
/// <param name="cancellationToken">Ends the writing.</param>
public sealed class ManifestPublishingContext(
    DistributedApplicationExecutionContext executionContext, string manifestPath, Utf8JsonWriter writer, CancellationToken cancellationToken = default)
{
    private readonly Dictionary<string, IResource> _referenced = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, ReferenceExpression> _conditionals = [];
    private readonly Dictionary<(ParameterResource Parameter, string Format), string> _formatted = [];
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private int _nextPort = 8000;

    /// <summary>The execution context.</summary>
    public DistributedApplicationExecutionContext ExecutionContext { get; } = executionContext;

    /// <summary>The manifest's path.</summary>
    public string ManifestPath { get; } = manifestPath;

    /// <summary>Writes the JSON.</summary>
    public Utf8JsonWriter Writer { get; } = writer;

    /// <summary>Ends the writing.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>A path relative to the manifest, with forward slashes.</summary>
    [return: NotNullIfNotNull(nameof(path))]
    public string? GetManifestRelativePath(string? path) =>
        path is null ? null : Path.GetRelativePath(Path.GetDirectoryName(Path.GetFullPath(ManifestPath))!, path).Replace('\\', '/');

    /// <summary>Writes the resource's connection string, if it has one.</summary>
    public void WriteConnectionString(IResource resource)
    {
        if (resource is IResourceWithConnectionString { ConnectionStringExpression: var connectionString })
            Writer.WriteString("connectionString", Placeholder(connectionString));
    }

    /// <summary>Writes the resource's endpoints.</summary>
    public void WriteBindings(IResource resource)
    {
        if (!resource.EndpointAnnotations().Any())
            return;
        Writer.WriteStartObject("bindings");
        HashSet<string> defaults = [];
        foreach (var endpoint in resource.EndpointAnnotations())
        {
            var isDefault = resource is ProjectResource && endpoint.UriScheme is "http" or "https" && defaults.Add(endpoint.UriScheme);
            var target = endpoint.TargetPort ?? (resource is ContainerResource ? endpoint.Port : null) ?? (isDefault ? null : _nextPort++);
            Writer.WriteStartObject(endpoint.Name);
            Writer.WriteString("scheme", endpoint.UriScheme);
            Writer.WriteString("protocol", endpoint.Protocol.ToString().ToLowerInvariant());
            Writer.WriteString("transport", endpoint.Transport);
            if (endpoint.Port is { } port && port != target)
                Writer.WriteNumber("port", port);
            if (target is { } listening)
                Writer.WriteNumber("targetPort", listening);
            if (endpoint.IsExternal)
                Writer.WriteBoolean("external", true);
            Writer.WriteEndObject();
        }

        Writer.WriteEndObject();
    }

    /// <summary>Writes the resource's environment.</summary>
    public async Task WriteEnvironmentVariablesAsync(IResource resource)
    {
        var variables = await WorkloadValues.VariablesAsync(resource, ExecutionContext, CancellationToken);
        if (variables.Count == 0)
            return;
        Writer.WriteStartObject("env");
        foreach (var (name, value) in variables)
            Writer.WriteString(name, Placeholder(value));
        Writer.WriteEndObject();
    }

    /// <summary>Writes the resource's arguments.</summary>
    public async Task WriteCommandLineArgumentsAsync(IResource resource)
    {
        var arguments = await WorkloadValues.ArgumentsAsync(resource, ExecutionContext, CancellationToken);
        if (arguments.Count == 0)
            return;
        Writer.WriteStartArray("args");
        foreach (var argument in arguments)
            Writer.WriteStringValue(Placeholder(argument));
        Writer.WriteEndArray();
    }

    /// <summary>Writes a container as it is written by default.</summary>
    public async Task WriteContainerAsync(ContainerResource container)
    {
        if (!container.TryGetLastAnnotation<ContainerImageAnnotation>(out var image))
            throw new DistributedApplicationException($"The container '{container.Name}' has no image.");
        Writer.WriteString("type", "container.v0");
        WriteConnectionString(container);
        Writer.WriteString("image", image.Reference);
        if (container.Entrypoint is not null)
            Writer.WriteString("entrypoint", container.Entrypoint);
        await WriteCommandLineArgumentsAsync(container);
        WriteMounts(container);
        await WriteEnvironmentVariablesAsync(container);
        WriteBindings(container);
    }

    /// <summary>Adds the resources a value refers to: those outside the model are written after it.</summary>
    public void TryAddDependentResources(object? value)
    {
        foreach (var resource in ValueReferences.Resources(value, throughResources: false))
        {
            if (_referenced.TryAdd(resource.Name, resource))
                _names.Add(resource.Name);
        }
    }

    internal async Task WriteModelAsync(DistributedApplicationModel model)
    {
        foreach (var resource in model.Resources)
            _names.Add(resource.Name);
        Writer.WriteStartObject();
        Writer.WriteStartObject("resources");
        foreach (var resource in model.Resources)
            await WriteResourceAsync(resource);
        foreach (var resource in _referenced.Values.Where(r => !model.Resources.Any(known => known.Name == r.Name)).ToArray())
            await WriteResourceAsync(resource);
        WriteFormatted(_formatted.Keys.Select(key => key.Parameter).Distinct());
        foreach (var (name, conditional) in _conditionals)
        {
            Writer.WriteStartObject(name);
            Writer.WriteString("type", "value.v0");
            Writer.WriteString("connectionString", await conditional.GetValueAsync(CancellationToken) ?? "");
            Writer.WriteEndObject();
        }

        Writer.WriteEndObject();
        Writer.WriteEndObject();
        await Writer.FlushAsync(CancellationToken);
    }

    private async Task WriteResourceAsync(IResource resource)
    {
        var hasOwnShape = resource.TryGetLastAnnotation<ManifestPublishingCallbackAnnotation>(out var own);
        if (hasOwnShape && own!.Callback is null)
            return;
        Writer.WriteStartObject(resource.Name);
        await (hasOwnShape ? own!.Callback!(this) : WriteShapeAsync(resource));
        Writer.WriteEndObject();
        if (resource is ParameterResource parameter)
            WriteFormatted([parameter]);
    }

    private async Task WriteShapeAsync(IResource resource)
    {
        switch (resource)
        {
            case ContainerResource container:
                await WriteContainerAsync(container);
                break;
            case ProjectResource project:
                Writer.WriteString("type", "project.v0");
                Writer.WriteString("path", GetManifestRelativePath(project.Annotations.OfType<IProjectMetadata>().Last().ProjectPath));
                await WriteProcessAsync(project);
                break;
            case ExecutableResource executable:
                Writer.WriteString("type", "executable.v0");
                WriteConnectionString(executable);
                Writer.WriteString("workingDirectory", GetManifestRelativePath(executable.WorkingDirectory));
                Writer.WriteString("command", executable.Command);
                await WriteProcessAsync(executable);
                break;
            case ParameterResource parameter:
                WriteParameter(parameter);
                break;
            case IResourceWithConnectionString:
                Writer.WriteString("type", "value.v0");
                WriteConnectionString(resource);
                break;
            default:
                Writer.WriteString("error", "This resource does not support generation in the manifest.");
                break;
        }
    }

    private async Task WriteProcessAsync(IResource resource)
    {
        await WriteCommandLineArgumentsAsync(resource);
        await WriteEnvironmentVariablesAsync(resource);
        WriteBindings(resource);
    }

    private void WriteParameter(ParameterResource parameter)
    {
        Writer.WriteString("type", "parameter.v0");
        if (parameter.IsConnectionString)
            Writer.WriteString("connectionString", parameter.ValueExpression);
        Writer.WriteString("value", $"{{{parameter.Name}.inputs.value}}");
        Writer.WriteStartObject("inputs");
        Writer.WriteStartObject("value");
        Writer.WriteString("type", "string");
        if (parameter.Secret)
            Writer.WriteBoolean("secret", true);
        if (parameter.Default is not null)
        {
            Writer.WriteStartObject("default");
            parameter.Default.WriteToManifest(this);
            Writer.WriteEndObject();
        }

        Writer.WriteEndObject();
        Writer.WriteEndObject();
    }

    private void WriteMounts(ContainerResource container)
    {
        foreach (var (type, section, source) in new[] { (ContainerMountType.BindMount, "bindMounts", "source"), (ContainerMountType.Volume, "volumes", "name") })
        {
            var mounts = container.Annotations.OfType<ContainerMountAnnotation>().Where(mount => mount.Type == type).ToArray();
            if (mounts.Length == 0)
                continue;
            Writer.WriteStartArray(section);
            foreach (var mount in mounts)
            {
                Writer.WriteStartObject();
                if (mount.Source is not null)
                    Writer.WriteString(source, type == ContainerMountType.BindMount ? GetManifestRelativePath(mount.Source) : mount.Source);
                Writer.WriteString("target", mount.Target);
                Writer.WriteBoolean("readOnly", mount.IsReadOnly);
                Writer.WriteEndObject();
            }

            Writer.WriteEndArray();
        }
    }

    private string Placeholder(object value)
    {
        TryAddDependentResources(value);
        if (value is ReferenceExpression expression)
        {
            foreach (var conditional in expression.ValueProviders.Append(expression).OfType<ReferenceExpression>().Where(e => e.IsConditional))
            {
                _conditionals.TryAdd(conditional.Name!, conditional);
                _names.Add(conditional.Name!);
            }

            return expression.Render(segment => segment.Format is null || ParameterOf(segment.Provider) is not { } parameter
                ? segment.Manifest
                : $"{{{FormattedName(parameter, segment.Format)}.value}}");
        }

        return value is IManifestExpressionProvider provider ? provider.ValueExpression : value.ToString() ?? "";
    }

    private static ParameterResource? ParameterOf(IValueProvider? provider) =>
        provider is ReferenceExpression { Segments: [{ Provider: { } inner }] } ? ParameterOf(inner) : provider as ParameterResource;

    private string FormattedName(ParameterResource parameter, string format)
    {
        if (_formatted.TryGetValue((parameter, format), out var known))
            return known;
        var name = $"{parameter.Name}-{format.ToLowerInvariant()}-encoded";
        for (var suffix = 1; !_names.Add(name); suffix++)
            name = $"{parameter.Name}-{format.ToLowerInvariant()}-encoded-{suffix}";
        return _formatted[(parameter, format)] = name;
    }

    private void WriteFormatted(IEnumerable<ParameterResource> parameters)
    {
        foreach (var key in parameters.SelectMany(p => _formatted.Keys.Where(key => key.Parameter == p)).ToArray())
        {
            Writer.WriteStartObject(_formatted[key]);
            Writer.WriteString("type", "annotated.string");
            Writer.WriteString("value", key.Parameter.ValueExpression);
            Writer.WriteString("filter", key.Format);
            Writer.WriteEndObject();
            _formatted.Remove(key);
        }
    }
}
