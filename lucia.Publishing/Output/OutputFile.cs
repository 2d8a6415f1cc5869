using System.Text;

namespace Lucia.Publishing.Output;

/// <summary>A file to be written.</summary>
/// <param name="Path">Relative to the target's folder, with forward slashes.</param>
/// <param name="Content">Its bytes.</param>
/// <param name="Mode">Its mode where the system has modes.</param>
public sealed record OutputFile(string Path, ReadOnlyMemory<byte> Content, UnixFileMode Mode)
{
    /// <summary>0644.</summary>
    public const UnixFileMode Readable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>0755.</summary>
    public const UnixFileMode Executable =
        Readable | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>The content as text.</summary>
    public string Text => Encoding.UTF8.GetString(Content.Span);
}
