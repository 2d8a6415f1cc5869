using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Lucia.ServiceDefaults.Tests;

public class HealthTests
{
    [Fact]
    public async Task With_access_health_tells_about_every_component()
    {
        await using var service = await TestService.StartAsync(
            configure: builder => builder.Services
                .AddComponentHealth<Good>("redis")
                .AddComponentHealth<Broken>("homeAssistant"),
            settings: [("Lucia:Simulated", "chat-model,home")]);

        var health = await HealthOf(service);

        health.GetProperty("status").GetString().ShouldBe("Degraded");
        health.GetProperty("version").GetString().ShouldBe(BuildVersion.Current.Version);
        var components = health.GetProperty("components").EnumerateArray().ToDictionary(component => component.GetProperty("name").GetString()!);
        components["redis"].GetProperty("status").GetString().ShouldBe("Healthy");
        components["redis"].GetProperty("detail").GetString().ShouldBe("redis 8.2");
        components["redis"].GetProperty("latencyMs").GetDouble().ShouldBeGreaterThanOrEqualTo(0);
        components["homeAssistant"].GetProperty("status").GetString().ShouldBe("Degraded");
        health.GetRawText().ShouldNotContain("canary");
        health.GetProperty("simulated").EnumerateArray().Select(one => one.GetProperty("what").GetString() + " " + one.GetProperty("setting").GetString())
            .ShouldBe(["chat-model ConnectionStrings__chat_model", "home HomeAssistant__BaseUrl"]);
    }

    [Fact]
    public async Task Without_the_key_health_tells_the_status_alone()
    {
        await using var service = await TestService.StartAsync(TestService.Key, builder => builder.Services.AddComponentHealth<Good>("redis"));
        using var response = await service.GetAsync("/health");
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe("""{"status":"Healthy"}""");
    }

    [Fact]
    public async Task A_component_that_does_not_answer_is_given_up_after_a_bounded_time()
    {
        await using var service = await TestService.StartAsync(configure: builder => builder.Services.AddComponentHealth<Hanging>("redis"));
        var health = await HealthOf(service);
        health.GetProperty("components")[0].GetProperty("detail").GetString().ShouldBe("did not answer within 2 seconds");
        health.GetProperty("status").GetString().ShouldBe("Degraded");
    }

    [Fact]
    public async Task Asking_often_does_not_ask_the_components_as_often()
    {
        var counting = new Counting();
        await using var service = await TestService.StartAsync(configure: builder => builder.Services
            .AddSingleton<TimeProvider>(new StoppedTime())
            .AddSingleton(counting)
            .AddComponentHealth<Counting>("redis"));

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => HealthOf(service)));
        counting.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_service_that_is_held_back_is_alive_but_not_ready()
    {
        await using var service = await TestService.StartAsync();
        var hold = service.Services.GetRequiredService<Readiness>().Hold();

        (await StatusOf("/alive")).ShouldBe(HttpStatusCode.OK);
        (await StatusOf("/health/ready")).ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await StatusOf("/health")).ShouldBe(HttpStatusCode.ServiceUnavailable);

        hold.Dispose();
        hold.Dispose();
        (await StatusOf("/health/ready")).ShouldBe(HttpStatusCode.OK);
        (await StatusOf("/health")).ShouldBe(HttpStatusCode.OK);

        async Task<HttpStatusCode> StatusOf(string path)
        {
            using var response = await service.GetAsync(path);
            return response.StatusCode;
        }
    }

    [Theory]
    [InlineData("1.2.3+abc", "1.2.3", "abc")]
    [InlineData("1.2.3", "1.2.3", null)]
    public void The_version_carries_the_commit(string informational, string version, string? commit) =>
        BuildVersion.Parse(informational).ShouldBe(new(version, commit));

    private static async Task<JsonElement> HealthOf(TestService service)
    {
        using var response = await service.GetAsync("/health");
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
    }

    private sealed class Good : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(HealthCheckResult.Healthy("redis 8.2"));
    }

    private sealed class Broken : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            throw new InvalidOperationException("canary");
    }

    private sealed class Hanging : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            new TaskCompletionSource<HealthCheckResult>().Task;
    }

    private sealed class Counting : IHealthCheck
    {
        private int _count;

        public int Count => _count;

        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _count);
            return Task.FromResult(HealthCheckResult.Healthy());
        }
    }

    private sealed class StoppedTime : TimeProvider
    {
        public override long GetTimestamp() => 1;
    }
}
