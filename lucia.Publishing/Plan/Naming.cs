using System.Text;
using System.Text.RegularExpressions;

namespace Lucia.Publishing.Plan;

/// <summary>Turns names of the manifest into names that targets and shells accept.</summary>
public static partial class Naming
{
    /// <summary>A DNS label (RFC 1123): lower case, digits and hyphens, at most 63, beginning with a letter.</summary>
    public static string Label(string name)
    {
        var label = new StringBuilder();
        foreach (var c in name.ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(c))
                label.Append(c);
            else if (label.Length > 0 && label[^1] != '-')
                label.Append('-');
        }
        var text = label.ToString().Trim('-');
        if (text.Length == 0 || char.IsAsciiDigit(text[0]))
            text = "x" + (text.Length == 0 ? "" : "-" + text);
        return text.Length > 63 ? text[..63].TrimEnd('-') : text;
    }

    /// <summary>
    /// A name in upper case and underscores, words kept apart: <c>chat-model</c> and <c>chatModel</c> to <c>CHAT_MODEL</c>,
    /// <c>Sessions__TtlHours</c> to <c>SESSIONS_TTL_HOURS</c>.
    /// </summary>
    public static string Variable(string name)
    {
        var words = WordBoundary().Replace(name, "_");
        var text = NotShell().Replace(words, "_").Trim('_').ToUpperInvariant();
        return text.Length == 0 || char.IsAsciiDigit(text[0]) ? "_" + text : text;
    }

    /// <summary>
    /// As <see cref="Variable"/>, but never a name that a shell or docker gives a meaning of its own: compose prefers the shell's value to that
    /// of <c>.env</c>, so a parameter <c>user</c> would become whoever runs it. <c>USER</c> becomes <c>USER_VALUE</c>.
    /// </summary>
    public static string FreeVariable(string name)
    {
        var text = Variable(name);
        return Taken().IsMatch(text) ? text + "_VALUE" : text;
    }

    /// <summary>Whether shells and environment files accept the name.</summary>
    public static bool IsShellName(string name) => ShellName().IsMatch(name);

    /// <summary>The name with every character a shell refuses replaced by an underscore.</summary>
    public static string ShellSafe(string name)
    {
        var text = NotShellCharacter().Replace(name, "_");
        return char.IsAsciiDigit(text[0]) ? "_" + text : text;
    }

    /// <summary>A name as it is, or with a number when it is taken already.</summary>
    internal static string Unique(string name, HashSet<string> taken, char separator)
    {
        var unique = name;
        for (var number = 2; !taken.Add(unique); number++)
            unique = $"{name}{separator}{number}";
        return unique;
    }

    /// <summary>A volume's name without the prefix that Aspire makes of the AppHost's path, which differs by machine.</summary>
    internal static string WithoutAppHost(string volume) => AppHostPrefix().Replace(volume, "");

    // The variables of https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap08.html that shells or logins set, and those of zsh, Windows and docker.
    [GeneratedRegex("^(?:HOME|PATH|PWD|OLDPWD|SHELL|USER|USERNAME|LOGNAME|MAIL|LANG|LANGUAGE|TERM|TZ|ENV|IFS|PS[1-4]|PPID|UID|EUID|GID|HOST|HOSTNAME|HOSTTYPE|OSTYPE|EDITOR|VISUAL|PAGER|COLUMNS|LINES|DISPLAY|RANDOM|SECONDS|TEMP|TMP|TMPDIR|OS|(?:LC|XDG|SSH|SUDO|BASH|DOCKER|COMPOSE|BUILDKIT)_.*)$")]
    private static partial Regex Taken();

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])")]
    private static partial Regex WordBoundary();

    [GeneratedRegex("[^A-Za-z0-9]+")]
    private static partial Regex NotShell();

    [GeneratedRegex("[^A-Za-z0-9_]")]
    private static partial Regex NotShellCharacter();

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$")]
    private static partial Regex ShellName();

    [GeneratedRegex("^.+-[0-9a-f]{10}-(?=.)")]
    private static partial Regex AppHostPrefix();
}
