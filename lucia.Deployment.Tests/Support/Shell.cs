using System.Diagnostics;
using System.Text;

namespace Lucia.Deployment.Tests.Support;

/// <summary>A command line, as a person would type it in a folder, with variables of its own in the environment.</summary>
internal static class Shell
{
    /// <summary>Runs it to its end, and ends it with all it started when it takes longer than the limit.</summary>
    /// <param name="command">What bash runs.</param>
    /// <param name="folder">Where.</param>
    /// <param name="environment">Variables that are set, or removed where the value is null.</param>
    /// <param name="input">What the command reads from its standard input.</param>
    /// <param name="seconds">The limit.</param>
    /// <exception cref="TimeoutException">It took longer; the message holds what it had written by then.</exception>
    public static Task<Ran> RunAsync(
        string command, string folder, IReadOnlyDictionary<string, string?>? environment = null, string input = "", int seconds = 120) =>
        Ran.ToEndAsync(command, new ProcessStartInfo("bash", ["-c", command]) { WorkingDirectory = folder }, new MemoryStream(Encoding.UTF8.GetBytes(input)), environment, seconds);
}
