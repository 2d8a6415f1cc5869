using Lucia.Publishing.Plan;
using Lucia.Publishing.Targets;
using static Lucia.Publishing.Tests.Planning;

namespace Lucia.Publishing.Tests.Plan;

/// <summary>A value that is generated is made once and kept, whether its input is marked as secret or not.</summary>
public sealed class GeneratedValueTests
{
    private const string Generated = """
        "app": { "type": "container.v0", "image": "acme/app:1", "env": { "ID": "{instance.value}", "GREETING": "id={instance.value}" } },
        "instance": { "type": "parameter.v0", "value": "{instance.inputs.value}",
          "inputs": { "value": { "type": "string", "default": { "generate": { "minLength": 12, "special": false } } } } }
        """;

    private const string ByProfile = """
        "app": { "type": "container.v0", "image": "acme/app:1", "env": { "ID": "{instance.value}" } },
        "instance": { "type": "parameter.v0", "value": "{instance.inputs.value}", "inputs": { "value": { "type": "string" } } },
        "profile": { "type": "lucia.deployment.v0",
          "parameters": { "instance": { "generate": { "minLength": 12 } } },
          "workloads": { "app": { "settings": { "Seed": { "generate": { "minLength": 12 } } } } } }
        """;

    [Theory]
    [InlineData(Generated)]
    [InlineData(ByProfile)]
    public void It_counts_as_secret(string resources) => Planned(Resources(resources)).Parameters.ShouldAllBe(static p => p.IsSecret && p.Generate != null);

    [Fact]
    public void That_it_does_is_said_where_it_is_declared() =>
        Try(Resources(Generated)).Diagnostics.Items.ShouldContain(static d => d.Number == "LUCIA1418" && d.JsonPath == "$.resources.instance.inputs.value");

    [Theory]
    [InlineData("compose", "setup.sh", "generate_secret 12 ")]
    [InlineData("kubernetes", "setup.sh", "generate_secret 12 ")]
    [InlineData("helm", "aspire-app/templates/_helpers.tpl", "(randAlphaNum 12)")]
    [InlineData("systemd", "install.sh", "\"$1\" instance optional generate_secret 12 ")]
    public void Every_target_makes_it(string target, string file, string command)
    {
        var result = Publisher.Publish(
            System.Text.Encoding.UTF8.GetBytes(Resources(Generated)), new PublishRequest([PublishTargets.All.Single(t => t.Name == target)], null, new PlanOptions()));

        result.Succeeded.ShouldBeTrue();
        result.Folders.Single().Files.Single(f => f.Path == file).Text.ShouldContain(command);
    }
}
