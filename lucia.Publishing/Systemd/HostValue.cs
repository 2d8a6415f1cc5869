using System.Text;
using Lucia.Publishing.Expressions;
using Lucia.Publishing.Text;

namespace Lucia.Publishing.Systemd;

/// <summary>A value on a bare host: text, variables of the environment file and secrets, which only the installer joins.</summary>
/// <param name="Tokens">In order.</param>
internal sealed record HostValue(IReadOnlyList<HostToken> Tokens)
{
    public bool IsSecret => Tokens.Any(static t => t is SecretToken);

    /// <summary>Whether systemd cannot make it, so that the installer has to.</summary>
    public bool NeedsInstaller => Tokens.Any(static t => t is SecretToken or SettingToken { UriEncoded: true });

    /// <summary>The text, when nothing else is in it.</summary>
    public string? Text => Tokens.All(static t => t is TextToken) ? string.Concat(Tokens.Cast<TextToken>().Select(static t => t.Text)) : null;

    /// <summary>The variable, when it is nothing else.</summary>
    public string? SoleVariable => Tokens is [SettingToken { UriEncoded: false } only] ? only.Variable : null;

    /// <summary>The credential, when it is nothing else.</summary>
    public string? SoleSecret => Tokens is [SecretToken { UriEncoded: false } only] ? only.Key : null;

    public IEnumerable<SettingToken> Settings => Tokens.OfType<SettingToken>();

    /// <summary>A word of <c>ExecStart=</c>, where systemd puts in the variables.</summary>
    public string CommandWord(string prefix = "")
    {
        // Quotes hold any character, so the parts can be quoted as a whole.
        var text = new StringBuilder(prefix.Replace("$", "$$"));
        foreach (var token in Tokens)
        {
            text.Append(token switch
            {
                TextToken plain => plain.Text.Replace("$", "$$"),
                SettingToken setting => $"${{{setting.Variable}}}",
                _ => throw new InvalidOperationException("A secret cannot stand in a command."),
            });
        }
        return SystemdText.Word(text.ToString());
    }

    /// <summary>Shell commands that write it to standard output.</summary>
    public string Shell() => Tokens.Count == 0 ? "text ''" : string.Join("; ", Tokens.Select(static token => token switch
    {
        TextToken plain => $"text {ShellText.Quote(plain.Text)}",
        SettingToken { UriEncoded: true } setting => $"uri_encode \"$(setting {setting.Variable} {ShellText.Quote(setting.Default)})\"",
        SettingToken setting => $"setting {setting.Variable} {ShellText.Quote(setting.Default)}",
        SecretToken { UriEncoded: true } secret => $"uri_encode \"$(secret {secret.Key})\"",
        SecretToken secret => $"secret {secret.Key}",
        _ => throw new InvalidOperationException($"Unknown token {token}."),
    }));
}

/// <summary>A part of a <see cref="HostValue"/>.</summary>
internal abstract record HostToken;

/// <summary>Text as it is.</summary>
internal sealed record TextToken(string Text) : HostToken;

/// <summary>A variable of the environment file.</summary>
internal sealed record SettingToken(string Variable, string Default, bool UriEncoded = false) : HostToken;

/// <summary>A credential's file.</summary>
internal sealed record SecretToken(string Key, bool UriEncoded) : HostToken;

/// <summary>Makes the tokens of a value as one workload sees it.</summary>
internal static class HostValues
{
    public static HostValue Of(DeploymentHost host, Plan.Workload seenBy, ValueExpression value)
    {
        var tokens = new List<HostToken>();
        foreach (var token in value.Parts.Select(part => Token(host, seenBy, part)))
        {
            if (token is TextToken next && tokens is [.., TextToken last])
                tokens[^1] = new TextToken(last.Text + next.Text);
            else
                tokens.Add(token);
        }
        return new HostValue(tokens);
    }

    private static HostToken Token(DeploymentHost host, Plan.Workload seenBy, ValuePart part) => part switch
    {
        LiteralPart literal => new TextToken(literal.Text),
        ParameterPart { IsSecret: true } secret => new SecretToken(host.Plan.Parameter(secret.Name).Key, secret.UriEncoded),
        ParameterPart setting => new SettingToken(host.Variable(setting.Name), host.Plan.Parameter(setting.Name).Default ?? "", setting.UriEncoded),
        EndpointPart endpoint => host.Address(seenBy, endpoint),
        ImagePart image => new TextToken(host.Image(host.Plan.Workload(image.Workload))),
        _ => throw new InvalidOperationException($"Unknown part {part}."),
    };
}
