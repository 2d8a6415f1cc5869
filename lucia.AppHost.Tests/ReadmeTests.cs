using System.Text.RegularExpressions;
using Lucia.AgentHost.Tests.Support;
using Lucia.Settings;

namespace Lucia.AppHost.Tests;

/// <summary>What the README says is true: its connection strings, setting names, paths and commands.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string Readme = File.ReadAllText(Path.Combine(Programs.Repository, "README.md"));

    [Fact]
    public void Every_connection_string_is_one()
    {
        var connections = Code().Matches(Readme).Select(match => match.Groups[1].Value).Where(code => code.Contains("Provider=", StringComparison.Ordinal)).ToList();

        connections.Count.ShouldBeGreaterThanOrEqualTo(5);
        foreach (var connection in connections)
            ModelConnection.TryParse(connection, "some-access-key", out _, out var fault).ShouldBeTrue($"{connection}: {fault?.What}");
    }

    [Fact]
    public void Every_setting_it_names_is_in_the_catalogue()
    {
        var named = SettingName().Matches(Readme).Select(match => match.Value).Distinct().ToList();

        named.ShouldContain("ConnectionStrings__chat_model");
        foreach (var name in named) SettingsCatalogue.Find(name).ShouldNotBeNull(name);
    }

    [Fact]
    public void Every_path_it_links_or_names_is_there()
    {
        var linked = Link().Matches(Readme).Select(match => match.Groups[1].Value).Where(target => !target.StartsWith("http", StringComparison.Ordinal));
        var named = Code().Matches(Readme).Select(match => match.Groups[1].Value).Where(code => code.StartsWith("lucia.", StringComparison.Ordinal));

        foreach (var path in linked.Concat(named)) Path.Exists(Path.Combine(Programs.Repository, path)).ShouldBeTrue(path);
    }

    [Fact]
    public void Every_command_of_the_script_is_known_to_it()
    {
        var script = File.ReadAllText(Path.Combine(Programs.Repository, "lucia"));
        var commands = Command().Matches(Readme).Select(match => match.Groups[1].Value).Distinct().ToList();

        commands.ShouldContain("run");
        foreach (var command in commands) Regex.IsMatch(script, $@"^    ({command}|{command} \|.*)\) ", RegexOptions.Multiline).ShouldBeTrue(command);
    }

    [GeneratedRegex("`([^`\n]+)`")]
    private static partial Regex Code();

    [GeneratedRegex("[A-Z][A-Za-z]+__[A-Za-z_-]+")]
    private static partial Regex SettingName();

    [GeneratedRegex(@"\]\(([^)]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\./lucia ([a-z]+)")]
    private static partial Regex Command();
}
