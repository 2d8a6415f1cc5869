using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Lucia.ServiceDefaults.Tests;

public class AccessTests
{
    [Theory]
    [InlineData("/alive", HttpStatusCode.OK)]
    [InlineData("/health/ready", HttpStatusCode.OK)]
    [InlineData("/health", HttpStatusCode.OK)]
    [InlineData("/", HttpStatusCode.OK)]
    [InlineData("/api/secret", HttpStatusCode.Unauthorized)]
    [InlineData("/api/unknown", HttpStatusCode.Unauthorized)]
    [InlineData("/unknown", HttpStatusCode.Unauthorized)]
    [InlineData("/api/echo", HttpStatusCode.Unauthorized)]
    public async Task Without_the_key_only_probes_and_the_page_are_answered(string path, HttpStatusCode expected)
    {
        await using var service = await TestService.StartAsync(TestService.Key);
        using var response = await service.GetAsync(path);
        response.StatusCode.ShouldBe(expected);
    }

    [Theory]
    [InlineData("Authorization", "Bearer " + TestService.Key, HttpStatusCode.OK)]
    [InlineData("Authorization", "bearer  " + TestService.Key, HttpStatusCode.OK)]
    [InlineData("X-Api-Key", TestService.Key, HttpStatusCode.OK)]
    [InlineData("Authorization", "Bearer " + TestService.Key + "x", HttpStatusCode.Unauthorized)]
    [InlineData("Authorization", "Basic " + TestService.Key, HttpStatusCode.Unauthorized)]
    [InlineData("Authorization", "Bearer ", HttpStatusCode.Unauthorized)]
    [InlineData("X-Api-Key", "0123456789ABCDEF-KEY", HttpStatusCode.Unauthorized)]
    public async Task The_key_opens_as_a_bearer_or_in_its_own_header(string header, string value, HttpStatusCode expected)
    {
        await using var service = await TestService.StartAsync(TestService.Key);
        using var response = await service.GetAsync("/api/secret", headers => headers.TryAddWithoutValidation(header, value).ShouldBeTrue());
        response.StatusCode.ShouldBe(expected);
    }

    [Fact]
    public async Task A_refusal_is_a_problem_that_says_how_to_present_the_key()
    {
        await using var service = await TestService.StartAsync(TestService.Key);
        using var response = await service.GetAsync("/api/secret");

        response.Headers.WwwAuthenticate.ShouldHaveSingleItem().ShouldBe(new AuthenticationHeaderValue("Bearer"));
        response.Content.Headers.ContentType!.MediaType.ShouldBe(Problem.MediaType);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        problem.GetProperty("status").GetInt32().ShouldBe(401);
        problem.GetProperty("detail").GetString()!.ShouldContain("X-Api-Key");
        problem.GetProperty("traceId").GetString().ShouldNotBeNullOrEmpty();
    }

    [Theory]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("localhost:1234", HttpStatusCode.OK)]
    [InlineData("127.0.0.1", HttpStatusCode.OK)]
    [InlineData("[::1]:5000", HttpStatusCode.OK)]
    [InlineData("evil.example", HttpStatusCode.Forbidden)]
    [InlineData("localhost.evil.example", HttpStatusCode.Forbidden)]
    [InlineData("192.168.1.5", HttpStatusCode.Forbidden)]
    public async Task Without_a_configured_key_only_this_machines_names_are_answered(string host, HttpStatusCode expected)
    {
        await using var service = await TestService.StartAsync();
        using var response = await service.GetAsync("/api/secret", headers => headers.Host = host);
        response.StatusCode.ShouldBe(expected);
        using var probe = await service.GetAsync("/alive", headers => headers.Host = host);
        probe.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("Origin", "https://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "http://localhost:9", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "null", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "same-origin", HttpStatusCode.OK)]
    [InlineData("Origin", "itself", HttpStatusCode.OK)]
    public async Task Without_a_configured_key_pages_of_other_sites_are_refused(string header, string value, HttpStatusCode expected)
    {
        await using var service = await TestService.StartAsync();
        var sent = value == "itself" ? service.Address.GetLeftPart(UriPartial.Authority) : value;
        using var response = await service.GetAsync("/api/secret", headers => headers.Add(header, sent));
        response.StatusCode.ShouldBe(expected);
    }

    [Fact]
    public async Task With_a_key_any_name_is_answered()
    {
        await using var service = await TestService.StartAsync(TestService.Key);
        using var response = await service.GetAsync("/api/secret", headers =>
        {
            headers.Host = "lucia.lan";
            headers.Authorization = new("Bearer", TestService.Key);
        });
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
