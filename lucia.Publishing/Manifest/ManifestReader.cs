using System.Text.Json;
using System.Text.RegularExpressions;
using Lucia.Publishing.Diagnostics;
using Lucia.Publishing.Profile;

namespace Lucia.Publishing.Manifest;

/// <summary>Reads Aspire's manifest format (https://json.schemastore.org/aspire-8.0.json and what later versions added).</summary>
public static partial class ManifestReader
{
    private const int LargestManifest = 16 * 1024 * 1024;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The manifest's path.</param>
    /// <param name="diagnostics">Gets every problem found.</param>
    /// <returns>What could be read, or null when it is no manifest at all.</returns>
    public static AspireManifest? ReadFile(string path, DiagnosticBag diagnostics)
    {
        try
        {
            var file = new FileInfo(path);
            if (file.Exists && file.Length <= LargestManifest)
                return Read(File.ReadAllBytes(path), diagnostics);
            var reason = file.Exists ? "is larger than 16 MiB" : Directory.Exists(path) ? "is a folder" : "does not exist";
            diagnostics.Report(DiagnosticCatalogue.Unreadable, SourceLocation.Manifest, $"'{path}' {reason}.");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException)
        {
            diagnostics.Report(DiagnosticCatalogue.Unreadable, SourceLocation.Manifest, $"'{path}' cannot be read: {problem.Message}");
        }
        return null;
    }

    /// <summary>Reads a manifest from memory.</summary>
    /// <param name="utf8">The JSON text, with or without a byte order mark.</param>
    /// <param name="diagnostics">Gets every problem found.</param>
    /// <returns>What could be read, or null when it is no manifest at all.</returns>
    public static AspireManifest? Read(ReadOnlySpan<byte> utf8, DiagnosticBag diagnostics)
    {
        if (JsonNodeReader.Read(utf8, diagnostics) is not { } root)
            return null;
        if (root.Kind != JsonTokenType.StartObject || root["resources"] is not { Kind: JsonTokenType.StartObject } resources)
        {
            var found = root.Kind != JsonTokenType.StartObject ? $"The file is {root.KindName}."
                : root["resources"] is { } other ? $"'resources' is {other.KindName}." : "There is no 'resources'.";
            diagnostics.Report(DiagnosticCatalogue.NotAManifest, root.At, found);
            return null;
        }

        var read = new List<ManifestResource>();
        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, node) in resources.Members)
        {
            if (!names.TryAdd(name, name))
                diagnostics.Report(DiagnosticCatalogue.DuplicateName, node.At, $"'{name}' and '{names[name]}' differ only in case.");
            if (!ResourceName().IsMatch(name))
                diagnostics.Report(DiagnosticCatalogue.InvalidName, node.At, $"'{name}' is no valid resource name.");
            if (node.Kind != JsonTokenType.StartObject)
                diagnostics.Report(DiagnosticCatalogue.WrongKind, node.At, $"The resource is {node.KindName}.", "It must be an object.");
            else if (ReadResource(name, new NodeShape(node, diagnostics)) is { } resource)
                read.Add(resource);
        }
        foreach (var second in read.OfType<DeploymentProfileResource>().Skip(1))
            diagnostics.Report(DiagnosticCatalogue.ProfileTwice, second.At, $"'{second.Name}' is a second deployment profile.");
        return new AspireManifest(read);
    }

    private static ManifestResource? ReadResource(string name, NodeShape shape)
    {
        var at = shape.Node.At;
        if (shape.Node["error"] is { Kind: JsonTokenType.String } && shape.Node["type"] is null)
            return new UnsupportedResource { Name = name, Type = "error", At = at, NotGenerated = true };
        if (shape.Node["type"] is null)
        {
            shape.Diagnostics.Report(DiagnosticCatalogue.MissingType, at, "The resource has no 'type'.");
            return null;
        }
        if (shape.String("type") is not { } type)
            return null;
        if (type == DeploymentProfile.ResourceType)
            return DeploymentProfileReader.Read(name, shape);

        ManifestResource? resource = type switch
        {
            "container.v0" or "container.v1" => WorkloadReader.Container(name, type, shape),
            "dockerfile.v0" => WorkloadReader.Dockerfile(name, type, shape),
            "project.v0" or "project.v1" => WorkloadReader.Project(name, type, shape),
            "executable.v0" => WorkloadReader.Executable(name, type, shape),
            "parameter.v0" => Parameter(name, type, shape),
            "value.v0" => new ValueResource
            {
                Name = name,
                Type = type,
                At = at,
                ConnectionString = shape.Text("connectionString"),
                Value = shape.Text("value"),
                Inputs = Inputs(shape),
            },
            "annotated.string" => AnnotatedString(name, type, shape),
            _ => new UnsupportedResource { Name = name, Type = type, At = at, NotGenerated = false },
        };
        if (resource is not (null or UnsupportedResource))
            shape.Finish(DiagnosticCatalogue.UnknownProperty);
        return resource;
    }

    private static ParameterResource? Parameter(string name, string type, NodeShape shape)
    {
        var value = shape.Text("value", required: true);
        var connectionString = shape.Text("connectionString");
        var inputs = Inputs(shape);
        return value is null ? null : new ParameterResource
        {
            Name = name,
            Type = type,
            At = shape.Node.At,
            Value = value,
            ConnectionString = connectionString,
            Inputs = inputs,
        };
    }

    private static AnnotatedStringResource? AnnotatedString(string name, string type, NodeShape shape)
    {
        var value = shape.Text("value", required: true);
        var filter = shape.String("filter", required: true);
        if (filter is not (null or "uri"))
        {
            shape.Diagnostics.Report(
                DiagnosticCatalogue.UnknownWord, shape.Node["filter"]!.At, $"The filter '{filter}' is not known.", "The format knows the filter 'uri'.");
        }
        return value is null || filter is null ? null : new AnnotatedStringResource
        {
            Name = name,
            Type = type,
            At = shape.Node.At,
            Value = value,
            Filter = filter,
        };
    }

    internal static IReadOnlyList<InputDeclaration> Inputs(NodeShape shape)
    {
        var inputs = new List<InputDeclaration>();
        foreach (var (name, input) in shape.Objects("inputs"))
        {
            if (input.String("type", required: true) is { } type && type != "string")
                input.Diagnostics.Report(DiagnosticCatalogue.UnknownWord, input.Node["type"]!.At, $"The input type '{type}' is not known.", "The format knows 'string'.");
            var secret = input.Flag("secret") ?? false;
            string? value = null;
            GenerateRecipe? generate = null;
            if (input.Object("default") is { } fallback)
            {
                value = fallback.String("value");
                if (fallback.Object("generate") is { } recipe)
                    generate = Recipe(recipe);
                fallback.Finish(DiagnosticCatalogue.UnknownProperty);
            }
            input.Finish(DiagnosticCatalogue.UnknownProperty);
            inputs.Add(new InputDeclaration(name, secret, value, generate, input.Node.At));
        }
        return inputs;
    }

    internal static GenerateRecipe? Recipe(NodeShape shape)
    {
        int? Count(string name) => shape.Number(name, 0, 1024, DiagnosticCatalogue.InvalidGenerate);

        var length = shape.Number("minLength", 1, 1024, DiagnosticCatalogue.InvalidGenerate);
        if (shape.Node["minLength"] is null)
            shape.Get("minLength", JsonTokenType.Number, "a whole number from 1 to 1024", required: true);
        var recipe = new GenerateRecipe(
            length ?? 22, shape.Flag("lower") ?? true, shape.Flag("upper") ?? true, shape.Flag("numeric") ?? true, shape.Flag("special") ?? true,
            Count("minLower") ?? 0, Count("minUpper") ?? 0, Count("minNumeric") ?? 0, Count("minSpecial") ?? 0);
        shape.Finish(DiagnosticCatalogue.UnknownProperty);
        if (recipe.Alphabet.Length == 0)
            shape.Diagnostics.Report(DiagnosticCatalogue.InvalidGenerate, shape.Node.At, "No kind of character is allowed.");
        if (length is not null && recipe.MinLower + recipe.MinUpper + recipe.MinNumeric + recipe.MinSpecial > length)
            shape.Diagnostics.Report(DiagnosticCatalogue.InvalidGenerate, shape.Node.At, $"The minima do not fit into 'minLength' {length}.");
        return recipe;
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_-]{0,127}$")]
    private static partial Regex ResourceName();
}
