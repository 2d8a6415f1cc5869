namespace Lucia.Deployment.Tests.Support;

/// <summary>A fenced block.</summary>
/// <param name="Info">What follows the fence: the language and, after it, markers.</param>
/// <param name="Line">The line of its first line, from 1.</param>
/// <param name="Text">The lines between the fences.</param>
internal sealed record Fence(string Info, int Line, string Text)
{
    private string[] Words => Info.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    public string Language => Words is [var language, ..] ? language : "";

    public IEnumerable<string> Markers => Words.Skip(1);

    /// <summary>Whether it holds commands for a shell. In a <c>console</c> block those after a prompt.</summary>
    public bool IsShell => Language is "sh" or "bash" or "shell" or "console";

    /// <summary>Whether a test runs it.</summary>
    public bool IsRunnable => Language is "sh" or "bash" && Markers.Contains("runnable");

    /// <summary>For a block that does not end by itself: the address that answers once it is ready; null for any other.</summary>
    public string? ReadyAt => Markers.FirstOrDefault(marker => marker.StartsWith("until=", StringComparison.Ordinal))?["until=".Length..];

    /// <summary>The commands, without prompts and what a console block shows as their output.</summary>
    public string Script => Language == "console"
        ? string.Join('\n', Text.Split('\n').Where(line => line.StartsWith("$ ", StringComparison.Ordinal) || line.StartsWith("# ", StringComparison.Ordinal)).Select(line => line[2..]))
        : Text;
}
