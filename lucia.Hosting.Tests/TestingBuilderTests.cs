using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace Aspire.Hosting.Tests;

public sealed class TestingBuilderTests
{
    [Fact]
    public async Task Several_AppHosts_run_in_one_test_process()
    {
        await using var first = await StartAsync();
        await using var second = await StartAsync();
        await Task.WhenAll(first.HealthyAsync("web"), second.HealthyAsync("web"));

        using var client = first.CreateHttpClient("web");
        (await client.GetStringAsync("/ready", TestContext.Current.CancellationToken)).ShouldBe("ready");
        second.GetEndpoint("web").ShouldNotBe(first.GetEndpoint("web", "http"));
    }

    [Fact]
    public async Task A_test_may_change_the_model_before_it_is_built()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Sample_AppHost>(
            ["--Sample:Resources=web"], TestContext.Current.CancellationToken);
        var web = builder.Resources.OfType<ProjectResource>().Single();
        builder.CreateResourceBuilder(web).WithEnvironment("FROM_THE_TEST", "yes");

        await using var application = await builder.BuildAsync(TestContext.Current.CancellationToken);
        await application.StartAsync(TestContext.Current.CancellationToken);
        await application.HealthyAsync("web");

        using var client = application.CreateHttpClient("web");
        (await client.GetStringAsync("/environment", TestContext.Current.CancellationToken)).ShouldContain("\"FROM_THE_TEST\":\"yes\"");
    }

    [Fact]
    public async Task Connection_strings_can_be_asked_for()
    {
        Sandbox.NeedsRedis();
        await using var application = await StartAsync("redis");
        await application.HealthyAsync("redis");

        var connectionString = await application.GetConnectionStringAsync("redis", TestContext.Current.CancellationToken);

        connectionString.ShouldNotBeNull().ShouldMatch(@"^127\.0\.0\.1:\d+,password=\w{22,}$");
        Should.Throw<ArgumentException>(() => application.GetEndpoint("nobody")).Message.ShouldContain("There is no resource 'nobody'.");
    }

    [Fact]
    public async Task What_a_run_keeps_is_deleted_with_it()
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Sample_AppHost>(["--Sample:Resources=web"], TestContext.Current.CancellationToken);
        var state = builder.Configuration["AppHost:StateDirectory"].ShouldNotBeNull();
        Directory.Exists(state).ShouldBeTrue();

        await builder.DisposeAsync();

        Directory.Exists(state).ShouldBeFalse();
    }

    [Fact]
    public async Task An_error_in_the_entry_point_reaches_the_test()
    {
        var error = await Should.ThrowAsync<DistributedApplicationException>(
            () => DistributedApplicationTestingBuilder.CreateAsync<Projects.Sample_AppHost>(["--Sample:Resources=nonsense"], TestContext.Current.CancellationToken));

        error.Message.ShouldBe("There is no sample resource 'nonsense'.");
    }

    private static async Task<DistributedApplication> StartAsync(string resources = "web")
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Sample_AppHost>(
            [$"--Sample:Resources={resources}"], TestContext.Current.CancellationToken);
        var application = await builder.BuildAsync(TestContext.Current.CancellationToken);
        await application.StartAsync(TestContext.Current.CancellationToken);
        return application;
    }
}
