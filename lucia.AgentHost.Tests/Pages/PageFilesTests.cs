using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Lucia.AgentHost.Pages;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Lucia.AgentHost.Tests.Pages;

public sealed partial class PageFilesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "text/html")]
    [InlineData("assets/lucia.css", "text/css")]
    [InlineData("assets/chat.js", "text/javascript")]
    [InlineData("assets/mark.svg", "image/svg+xml")]
    public async Task A_file_comes_with_its_type_and_a_strict_policy(string path, string contentType)
    {
        await using var lucia = await ScriptedLucia.StartAsync();
        using var client = new HttpClient { BaseAddress = lucia.Address };

        using var response = await client.GetAsync(path, Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe(contentType);
        response.Headers.CacheControl!.NoCache.ShouldBeTrue();
        response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        response.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldStartWith(
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
            "base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
        policy.ShouldNotContain("unsafe");
    }

    [Fact]
    public async Task A_file_that_the_browser_has_is_not_sent_again()
    {
        await using var lucia = await ScriptedLucia.StartAsync();
        using var client = new HttpClient { BaseAddress = lucia.Address };
        using var first = await client.GetAsync("assets/lucia.css", Cancellation);
        using var again = new HttpRequestMessage(HttpMethod.Get, "assets/lucia.css");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var other = new HttpRequestMessage(HttpMethod.Get, "assets/lucia.css");
        other.Headers.IfNoneMatch.Add(new EntityTagHeaderValue("\"another\""));

        using var unchanged = await client.SendAsync(again, Cancellation);
        using var changed = await client.SendAsync(other, Cancellation);

        unchanged.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        (await unchanged.Content.ReadAsByteArrayAsync(Cancellation)).ShouldBeEmpty();
        changed.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task HEAD_answers_without_a_body()
    {
        await using var lucia = await ScriptedLucia.StartAsync();
        using var client = new HttpClient { BaseAddress = lucia.Address };

        using var response = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, ""), Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentLength!.Value.ShouldBeGreaterThan(0);
        (await response.Content.ReadAsByteArrayAsync(Cancellation)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("assets/none.js")]
    [InlineData("assets/index.html")]
    [InlineData("assets/..%2fappsettings.json")]
    public async Task An_unknown_file_is_not_found(string path)
    {
        await using var lucia = await ScriptedLucia.StartAsync();
        using var client = new HttpClient { BaseAddress = lucia.Address };

        using var response = await client.GetAsync(path, Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_prefix_without_its_slash_leads_to_the_page()
    {
        await using var lucia = await ScriptedLucia.StartAsync("/lucia");
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });

        using var response = await client.GetAsync(lucia.Address.AbsoluteUri.TrimEnd('/'), Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        response.Headers.Location!.OriginalString.ShouldBe("/lucia/");
    }

    [Fact]
    public void Every_endpoint_of_the_page_needs_no_key()
    {
        var endpoints = WebApplication.CreateSlimBuilder().Build() as IEndpointRouteBuilder;

        endpoints.MapPages();

        var mapped = endpoints.DataSources.SelectMany(source => source.Endpoints).ToList();
        mapped.Count.ShouldBe(PageAsset.ReadAll().Count);
        mapped.ShouldAllBe(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() != null);
    }

    [Fact]
    public async Task Whatever_the_files_refer_to_is_there_and_relative()
    {
        await using var lucia = await ScriptedLucia.StartAsync();
        using var client = new HttpClient { BaseAddress = lucia.Address };

        foreach (var asset in PageAsset.ReadAll())
        {
            var own = new Uri(lucia.Address, asset.Name == "index.html" ? "" : $"assets/{asset.Name}");
            var text = await client.GetStringAsync(own, Cancellation);
            foreach (var reference in References().Matches(text).Select(match => match.Groups["path"].Value))
            {
                reference.ShouldNotStartWith("/");
                using var response = await client.GetAsync(new Uri(own, reference), Cancellation);
                response.StatusCode.ShouldBe(HttpStatusCode.OK, $"{asset.Name} refers to {reference}");
            }
        }
    }

    [GeneratedRegex("""(?:(?:href|src)=|from |url\()["'](?<path>[^#"'][^"']*)["']""")]
    private static partial Regex References();
}
