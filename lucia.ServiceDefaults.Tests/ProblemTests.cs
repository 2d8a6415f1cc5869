using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Lucia.ServiceDefaults.Tests;

public class ProblemTests
{
    [Theory]
    [InlineData("GET", "/api/unknown", null, 404, "nothing at this address")]
    [InlineData("DELETE", "/api/echo", null, 405, "POST")]
    [InlineData("POST", "/api/echo", "{\"text\":\"a\",\"count\":\"canary\"}", 400, "$.count, line 1")]
    [InlineData("POST", "/api/echo", "{\"text\":canary}", 400, "line 1, byte 9")]
    [InlineData("POST", "/api/echo", "", 400, "")]
    [InlineData("GET", "/api/fails", null, 500, "trace id")]
    [InlineData("GET", "/api/home", null, 502, "Home Assistant cannot be reached.")]
    public async Task Every_error_is_a_problem_that_says_where_and_shows_nothing_of_the_inside(string method, string path, string? body, int status, string detail)
    {
        await using var service = await TestService.StartAsync();
        using var response = await service.SendAsync(new(method), path, body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"));

        ((int)response.StatusCode).ShouldBe(status);
        response.Content.Headers.ContentType!.MediaType.ShouldBe(Problem.MediaType);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var problem = JsonDocument.Parse(text).RootElement;
        problem.GetProperty("status").GetInt32().ShouldBe(status);
        problem.GetProperty("title").GetString().ShouldNotBeNullOrEmpty();
        problem.GetProperty("detail").GetString()!.ShouldContain(detail);
        problem.GetProperty("traceId").GetString().ShouldNotBeNullOrEmpty();
        text.ShouldNotContain("canary");
    }

    [Fact]
    public async Task A_body_of_another_type_is_refused()
    {
        await using var service = await TestService.StartAsync();
        using var response = await service.SendAsync(HttpMethod.Post, "/api/echo", new StringContent("hello"));
        ((int)response.StatusCode).ShouldBe(415);
        (await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("detail").GetString()!.ShouldContain("application/json");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_that_is_too_large_is_refused_whether_or_not_it_says_its_length(bool chunked)
    {
        await using var service = await TestService.StartAsync();
        using var response = await service.SendAsync(
            HttpMethod.Post,
            "/api/echo",
            JsonContent.Create(new { text = new string('a', (int)ServiceDefaultsExtensions.MaximumBodyBytes) }),
            headers => headers.TransferEncodingChunked = chunked);
        ((int)response.StatusCode).ShouldBe(413);
        response.Content.Headers.ContentType!.MediaType.ShouldBe(Problem.MediaType);
    }

    [Fact]
    public async Task What_failed_inside_is_in_the_log()
    {
        await using var service = await TestService.StartAsync();
        using var response = await service.GetAsync("/api/fails");
        service.Log.Lines.ShouldContain(line => line.StartsWith("Error: GET /api/fails failed", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("Debug", true)]
    public async Task The_frameworks_own_chatter_is_logged_only_when_asked_for(string? level, bool logged)
    {
        await using var service = await TestService.StartAsync(
            configure: builder => builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging")),
            settings: level is null ? [] : [("Logging:LogLevel:Microsoft.AspNetCore", level)]);
        using var response = await service.GetAsync("/alive");
        service.Log.Lines.Any(line => line.Contains("Request starting", StringComparison.Ordinal)).ShouldBe(logged);
    }
}
