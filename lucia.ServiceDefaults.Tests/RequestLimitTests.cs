using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;

namespace Lucia.ServiceDefaults.Tests;

public sealed class RequestLimitTests
{
    private const int Plenty = 60;

    [Fact]
    public async Task Whoever_asks_too_often_is_told_when_to_come_back()
    {
        await using var service = await TestService.StartAsync(TestService.Key, settings: ("Auth:RequestsPerMinute", "10"));

        using var refused = await UntilRefusedAsync(service, "/api/secret", TestService.Key, HttpStatusCode.OK);

        refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(1, 6);
        refused.Content.Headers.ContentType!.MediaType.ShouldBe(Problem.MediaType);
        var problem = await refused.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        problem.GetProperty("status").GetInt32().ShouldBe(429);
        problem.GetProperty("detail").GetString()!.ShouldContain("Auth__RequestsPerMinute");
        await ProbesAreAnsweredAsync(service);
    }

    [Fact]
    public async Task Whoever_guesses_the_key_is_shut_out_before_the_key_is_looked_at()
    {
        await using var service = await TestService.StartAsync(TestService.Key);

        using var refused = await UntilRefusedAsync(service, "/api/secret", "0123456789abcdef-guess", HttpStatusCode.Unauthorized);

        refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(1, 6);
        (await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldNotContain("guess");
        await ProbesAreAnsweredAsync(service);
    }

    [Fact]
    public async Task A_guess_every_now_and_then_is_all_that_is_looked_at()
    {
        await using var service = await TestService.StartAsync(TestService.Key);
        var start = Stopwatch.GetTimestamp();
        var looked = 0;
        for (var i = 0; i < 25; i++)
        {
            using var response = await AskAsync(service, "/api/secret", "0123456789abcdef-guess");
            if (response.StatusCode == HttpStatusCode.Unauthorized) looked++;

            // Long enough for a part of the patience to come back, far too short for a whole guess.
            await Task.Delay(TimeSpan.FromMilliseconds(40), TestContext.Current.CancellationToken);
        }

        looked.ShouldBeInRange(RequestLimits.Failures, RequestLimits.Failures + (int)(Stopwatch.GetElapsedTime(start).TotalSeconds / 6) + 1);
    }

    [Fact]
    public async Task The_health_page_is_no_place_to_guess_the_key_either()
    {
        await using var service = await TestService.StartAsync(TestService.Key);

        using var refused = await UntilRefusedAsync(service, "/health", "0123456789abcdef-guess", HttpStatusCode.OK);
        using var open = await service.GetAsync("/health");

        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        open.StatusCode.ShouldBe(HttpStatusCode.OK, "without a key it is open to all");
    }

    [Fact]
    public async Task The_usual_limit_is_far_from_what_a_household_sends()
    {
        await using var service = await TestService.StartAsync(TestService.Key);
        for (var i = 0; i < 100; i++)
        {
            using var response = await AskAsync(service, "/api/secret", TestService.Key);
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task Nobody_is_shut_out_in_anothers_name_and_other_names_help_only_so_far()
    {
        await using var service = await TestService.StartAsync(TestService.Key, builder => builder.Services.AddSingleton<IStartupFilter, AnyProxy>());
        var looked = 0;
        for (var i = 0; i < RequestLimits.Failures * (RequestLimits.Neighbours + 2); i++)
        {
            using var response = await service.GetAsync("/api/secret", headers =>
            {
                headers.Authorization = new("Bearer", "0123456789abcdef-guess");
                headers.Add("X-Forwarded-For", $"198.51.100.{i % 200}");
            });
            if (response.StatusCode == HttpStatusCode.Unauthorized) looked++;
        }

        looked.ShouldBeInRange(RequestLimits.Failures + 1, RequestLimits.Failures * (RequestLimits.Neighbours + 1));
    }

    private static async Task<HttpResponseMessage> UntilRefusedAsync(TestService service, string path, string key, HttpStatusCode before)
    {
        for (var asked = 1; asked <= Plenty; asked++)
        {
            var response = await AskAsync(service, path, key);
            if (response.StatusCode == HttpStatusCode.TooManyRequests)
            {
                asked.ShouldBeGreaterThan(RequestLimits.Failures);
                return response;
            }

            response.StatusCode.ShouldBe(before);
            response.Dispose();
        }

        throw new InvalidOperationException($"{Plenty} requests were not too many.");
    }

    private static Task<HttpResponseMessage> AskAsync(TestService service, string path, string key) =>
        service.GetAsync(path, headers => headers.Authorization = new("Bearer", key));

    private static async Task ProbesAreAnsweredAsync(TestService service)
    {
        foreach (var probe in new[] { "/alive", "/health/ready", "/" })
        {
            using var response = await service.GetAsync(probe);
            response.StatusCode.ShouldBe(HttpStatusCode.OK, probe);
        }
    }

    /// <summary>What ASPNETCORE_FORWARDEDHEADERS_ENABLED does.</summary>
    private sealed class AnyProxy : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor };
            options.KnownIPNetworks.Clear();
            options.KnownProxies.Clear();
            app.UseForwardedHeaders(options);
            next(app);
        };
    }
}
