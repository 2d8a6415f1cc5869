namespace Aspire.Hosting.Running;

/// <summary>What standard output can show.</summary>
internal static class Terminal
{
    /// <summary>Whether it shows colours: a terminal, and nobody asked for none (https://no-color.org).</summary>
    internal static bool HasColours { get; } = !Console.IsOutputRedirected && !IsSet("NO_COLOR");

    /// <summary>Whether a person watches it in a terminal whose cursor can be moved. Who wants no colours has not said to want no table.</summary>
    internal static bool IsInteractive { get; } =
        !Console.IsOutputRedirected && !IsSet("CI") && !OperatingSystem.IsWindows() && Environment.GetEnvironmentVariable("TERM") is { Length: > 0 } and not "dumb";

    /// <summary>
    /// Whether it makes links of addresses (OSC 8, https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda). No terminal can be asked; those
    /// that do are known by what they put into the environment.
    /// </summary>
    internal static bool HasLinks { get; } = !Console.IsOutputRedirected && HasLinksIn(Environment.GetEnvironmentVariable);

    internal static bool HasLinksIn(Func<string, string?> variable) =>
        new[] { "WT_SESSION", "KITTY_WINDOW_ID", "KONSOLE_VERSION", "DOMTERM" }.Any(name => !string.IsNullOrEmpty(variable(name)))
        || (int.TryParse(variable("VTE_VERSION"), CultureInfo.InvariantCulture, out var vte) && vte >= 5000)
        || variable("TERM_PROGRAM") is "vscode" or "iTerm.app" or "WezTerm" or "ghostty" or "Hyper" or "Tabby" or "rio"
        || variable("TERM") is "xterm-kitty" or "alacritty" or "foot" or "xterm-ghostty" or "contour";

    /// <summary>An address as a link where there are links, else as it is.</summary>
    internal static string Link(Uri address) => HasLinks ? $"\e]8;;{address.AbsoluteUri}\e\\{address.AbsoluteUri}\e]8;;\e\\" : address.AbsoluteUri;

    private static bool IsSet(string variable) => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable));
}
