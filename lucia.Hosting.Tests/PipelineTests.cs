using Aspire.Hosting.Pipelines;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Tests;

public sealed class PipelineTests
{
    [Fact]
    public async Task Publish_runs_what_it_requires_after_what_that_depends_on()
    {
        await using var sandbox = new Sandbox();
        var builder = sandbox.Builder("--operation", "publish", "--step", "publish", "--output-path", sandbox.File("out"), "--log-level", "Error");
        builder.AddRedis("redis");
        string? read = null;
        builder.Pipeline.AddStep(
            "publish-elsewhere",
            async context =>
            {
                var output = context.Services.GetRequiredService<IPipelineOutputService>().GetOutputDirectory();
                read = await File.ReadAllTextAsync(Path.Combine(output, "aspire-manifest.json"), context.CancellationToken);
                context.Model.Resources.Count.ShouldBe(1);
            },
            dependsOn: "publish-manifest",
            requiredBy: WellKnownPipelineSteps.Publish);
        builder.Pipeline.AddStep("not-asked-for", _ => throw new InvalidOperationException("nobody asked for it"));

        await sandbox.StartAsync(builder);

        read.ShouldNotBeNull().ShouldContain("container.v0");
    }

    [Fact]
    public async Task A_failing_step_is_named_with_its_reason()
    {
        await using var sandbox = new Sandbox();
        var builder = sandbox.Builder("--operation", "publish", "--step", "break");
        builder.Pipeline.AddStep("break", _ => throw new InvalidOperationException("the disk is full"));

        var error = await Should.ThrowAsync<DistributedApplicationException>(() => sandbox.StartAsync(builder));

        error.Message.ShouldBe("The step 'break' failed: the disk is full");
    }

    [Fact]
    public async Task Steps_that_need_each_other_are_named()
    {
        await using var sandbox = new Sandbox();
        var builder = sandbox.Builder("--operation", "publish", "--step", "hen");
        builder.Pipeline.AddStep("hen", _ => Task.CompletedTask, dependsOn: "egg");
        builder.Pipeline.AddStep("egg", _ => Task.CompletedTask, dependsOn: new[] { "hen" });

        var error = await Should.ThrowAsync<DistributedApplicationException>(() => sandbox.StartAsync(builder));

        error.Message.ShouldContain("hen -> egg -> hen");
    }
}
