using Lucia.Publishing.Diagnostics;

namespace Lucia.Publishing.Manifest;

/// <summary>A network binding as the manifest has it.</summary>
/// <param name="Name">Such as <c>http</c>.</param>
/// <param name="Scheme">URI scheme.</param>
/// <param name="Protocol"><c>tcp</c> or <c>udp</c>.</param>
/// <param name="Transport"><c>http</c>, <c>http2</c>, <c>http3</c>, <c>tcp</c> or <c>udp</c>.</param>
/// <param name="Port">The port others reach it at, where fixed.</param>
/// <param name="TargetPort">The port the workload listens at, where fixed.</param>
/// <param name="External">Whether it is meant for users outside.</param>
/// <param name="At">Where it stands.</param>
public sealed record BindingDeclaration(
    string Name, string Scheme, string Protocol, string Transport, int? Port, int? TargetPort, bool External, SourceLocation At);

/// <summary>A volume; anonymous when <paramref name="Name"/> is null.</summary>
public sealed record VolumeDeclaration(string? Name, string Target, bool ReadOnly, SourceLocation At);

/// <summary>A file or folder beside the manifest (forward slashes).</summary>
public sealed record BindMountDeclaration(string Source, string Target, bool ReadOnly, SourceLocation At);

/// <summary>How an image is built.</summary>
/// <param name="Context">Folder, relative to the manifest.</param>
/// <param name="Dockerfile">Relative to the manifest.</param>
/// <param name="Stage">Target stage, where named.</param>
/// <param name="BuildOnly">The image only carries files for others; nothing runs.</param>
/// <param name="Args">Build arguments; null stands for the value in the environment of whoever builds.</param>
/// <param name="Secrets">Build secrets.</param>
public sealed record BuildDeclaration(
    string Context, string Dockerfile, string? Stage, bool BuildOnly,
    IReadOnlyList<KeyValuePair<string, ManifestText?>> Args, IReadOnlyList<BuildSecretDeclaration> Secrets);

/// <summary>A build secret: a value, or a file; with neither, the variable of its name in the environment of whoever builds.</summary>
public sealed record BuildSecretDeclaration(string Id, ManifestText? Value, string? SourceFile);

/// <summary>Something a person or a generator brings.</summary>
/// <param name="Name">Usually <c>value</c>.</param>
/// <param name="Secret">Whether it must be kept from view.</param>
/// <param name="Default">A literal default.</param>
/// <param name="Generate">A recipe for a generated default.</param>
/// <param name="At">Where it stands.</param>
public sealed record InputDeclaration(string Name, bool Secret, string? Default, GenerateRecipe? Generate, SourceLocation At);

/// <summary>How a value is generated. Defaults are Aspire's: every kind of character is allowed, no minima.</summary>
/// <param name="MinLength">Length in characters.</param>
/// <param name="Lower">Allow lower case.</param>
/// <param name="Upper">Allow upper case.</param>
/// <param name="Numeric">Allow digits.</param>
/// <param name="Special">Allow <c>-_.~</c> (those that need no URI encoding and no quoting).</param>
/// <param name="MinLower">At least so many lower-case letters.</param>
/// <param name="MinUpper">At least so many upper-case letters.</param>
/// <param name="MinNumeric">At least so many digits.</param>
/// <param name="MinSpecial">At least so many special characters.</param>
public sealed record GenerateRecipe(
    int MinLength, bool Lower = true, bool Upper = true, bool Numeric = true, bool Special = true,
    int MinLower = 0, int MinUpper = 0, int MinNumeric = 0, int MinSpecial = 0)
{
    /// <summary>All characters a value may be made of; none needs URI encoding or quoting anywhere.</summary>
    public string Alphabet => (Lower ? "abcdefghijklmnopqrstuvwxyz" : "") + (Upper ? "ABCDEFGHIJKLMNOPQRSTUVWXYZ" : "")
        + (Numeric ? "0123456789" : "") + (Special ? "-_.~" : "");
}
