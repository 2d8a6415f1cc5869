using System.Globalization;
using System.Text.RegularExpressions;
using Lucia.Publishing.Targets;
using Lucia.Publishing.Tests.Compose;
using Lucia.Publishing.Tests.Parity;

namespace Lucia.Publishing.Tests.Plan;

/// <summary>What stops the service waits for longer than the service itself takes: else it is killed while it finishes what it is answering.</summary>
public sealed partial class StopTests
{
    public static TheoryData<string, string, string> Units => new()
    {
        { "compose", "docker-compose.yml", @"^  agenthost:\n(?:(?!^  \w)[\s\S])*?^    stop_grace_period: (\d+)s$" },
        { "kubernetes", "base/agenthost-deployment.yaml", @"^      terminationGracePeriodSeconds: (\d+)$" },
        { "helm", "lucia/templates/agenthost/deployment.yaml", @"^      terminationGracePeriodSeconds: (\d+)$" },
        { "systemd", "units/lucia.service", @"^TimeoutStopSec=(\d+)$" },
    };

    [Theory, MemberData(nameof(Units))]
    public void The_service_has_longer_to_stop_than_it_takes(string target, string file, string pattern)
    {
        var patience = Regex.Match(ParitySample.Of("repository").Files[target][file], pattern, RegexOptions.Multiline);

        patience.Success.ShouldBeTrue($"{file} does not say how long the service may take to stop.");
        Seconds(patience).ShouldBeGreaterThanOrEqualTo(ServiceGrace() + 5, $"{file}: the service's own limit is {ServiceGrace()} s, and ending the process takes a moment");
    }

    [Fact]
    public void Every_target_is_looked_at() =>
        Units.Select(static u => u.Data.Item1).ShouldBe(PublishTargets.All.Select(static t => t.Name), ignoreOrder: true);

    [Fact]
    public void The_longest_time_of_answering_what_is_new_is_within_the_services_own_limit()
    {
        // The text of the setting, as the settings themselves are no part of what this project refers to.
        var longest = Longest().Match(ParitySample.Of("repository").Manifest);

        longest.Success.ShouldBeTrue("deploy/aspire-manifest.json does not say what is allowed as Lucia__DrainSeconds.");
        Seconds(longest).ShouldBeLessThan(ServiceGrace());
    }

    /// <summary>Seconds after which the service itself ends, whatever is still under way.</summary>
    private static int ServiceGrace()
    {
        var source = File.ReadAllText(Path.Combine(Repository.Root, "lucia.ServiceDefaults", "Operation", "Drain.cs"));
        var grace = Grace().Match(source);
        grace.Success.ShouldBeTrue("Drain.cs does not say how long the service may take to end.");
        return Seconds(grace);
    }

    private static int Seconds(Match match) => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"TimeSpan Grace = TimeSpan\.FromSeconds\((\d+)\);")]
    private static partial Regex Grace();

    [GeneratedRegex(@"after Lucia was told to stop[\s\S]*?whole number, 0 to (\d+)")]
    private static partial Regex Longest();
}
