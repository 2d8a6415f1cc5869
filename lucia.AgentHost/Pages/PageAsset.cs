using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace Lucia.AgentHost.Pages;

/// <summary>A file of the chat page, carried inside the assembly.</summary>
/// <param name="Name">The file's name, such as <c>lucia.css</c>.</param>
/// <param name="ContentType">The media type it is served with; text is UTF-8.</param>
/// <param name="Content">The file's bytes.</param>
/// <param name="Tag">A strong entity tag derived from the bytes, so that it changes when and only when they do.</param>
internal sealed record PageAsset(string Name, string ContentType, ReadOnlyMemory<byte> Content, EntityTagHeaderValue Tag)
{
    private const string Prefix = "pages/";

    private static readonly FrozenDictionary<string, string> ContentTypes = new Dictionary<string, string>
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
    }.ToFrozenDictionary();

    /// <summary>Reads every file of the page out of the assembly.</summary>
    /// <exception cref="InvalidOperationException">A file has an ending without a known media type.</exception>
    public static IReadOnlyList<PageAsset> ReadAll()
    {
        var assembly = typeof(PageAsset).Assembly;
        return [.. assembly.GetManifestResourceNames()
            .Where(resource => resource.StartsWith(Prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(resource => Read(assembly, resource))];
    }

    private static PageAsset Read(Assembly assembly, string resource)
    {
        var name = resource[Prefix.Length..];
        if (!ContentTypes.TryGetValue(Path.GetExtension(name), out var contentType))
            throw new InvalidOperationException($"The page's file '{name}' has no known media type. Add its ending to {nameof(PageAsset)}.{nameof(ContentTypes)}.");

        using var stream = assembly.GetManifestResourceStream(resource)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 16))}\"");
        return new PageAsset(name, contentType, content, tag);
    }
}
