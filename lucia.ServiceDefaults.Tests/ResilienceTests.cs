using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace Lucia.ServiceDefaults.Tests;

public class ResilienceTests
{
    private static readonly Uri Anywhere = new("http://home.test/");

    [Theory]
    [InlineData("GET", HttpStatusCode.InternalServerError, 3)]
    [InlineData("PUT", HttpStatusCode.BadGateway, 3)]
    [InlineData("POST", HttpStatusCode.InternalServerError, 1)]
    [InlineData("POST", HttpStatusCode.ServiceUnavailable, 3)]
    [InlineData("POST", HttpStatusCode.TooManyRequests, 3)]
    [InlineData("GET", HttpStatusCode.NotFound, 1)]
    [InlineData("GET", HttpStatusCode.OK, 1)]
    public async Task Only_what_may_be_repeated_is_repeated(string method, HttpStatusCode status, int attempts)
    {
        var server = new Server(_ => new(status));
        using var response = await SendAsync(server, new(method));
        response.StatusCode.ShouldBe(status);
        server.Requests.ShouldBe(attempts);
    }

    [Fact]
    public async Task A_repetition_that_succeeds_is_the_answer()
    {
        var server = new Server(attempt => new(attempt < 3 ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK));
        using var response = await SendAsync(server, HttpMethod.Get);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_wait_that_is_asked_for_but_too_long_is_not_waited()
    {
        var server = new Server(_ => new(HttpStatusCode.TooManyRequests) { Headers = { RetryAfter = new(TimeSpan.FromHours(1)) } });
        using var response = await SendAsync(server, HttpMethod.Get);
        response.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        server.Requests.ShouldBe(1);
    }

    [Fact]
    public async Task A_wait_that_is_asked_for_is_waited()
    {
        // The usual delay is an hour here: only a Retry-After that is honoured lets this end.
        var server = new Server(attempt => attempt == 1
            ? new(HttpStatusCode.TooManyRequests) { Headers = { RetryAfter = new(TimeSpan.Zero) } }
            : new(HttpStatusCode.OK));
        using var response = await SendAsync(server, HttpMethod.Get, options => options.RetryDelay = TimeSpan.FromHours(1));
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_dependency_that_keeps_failing_is_left_alone_and_named()
    {
        var server = new Server(_ => throw new HttpRequestException("canary"));
        await using var services = Services(server, options => (options.Retries, options.CircuitMinimumCalls) = (0, 3));
        var http = services.GetRequiredService<IHttpClientFactory>().CreateClient("home");

        for (var i = 0; i < 3; i++)
            (await Should.ThrowAsync<DependencyException>(() => http.GetAsync(Anywhere, TestContext.Current.CancellationToken))).Status.ShouldBe(HttpStatusCode.BadGateway);
        var exception = await Should.ThrowAsync<DependencyException>(() => http.GetAsync(Anywhere, TestContext.Current.CancellationToken));

        server.Requests.ShouldBe(3);
        exception.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        exception.Message.ShouldBe("Home Assistant failed too often just now and is left alone for a moment.");
    }

    [Fact]
    public async Task A_dependency_that_hangs_is_given_up_and_named()
    {
        var server = new Server(_ => null);
        var exception = await Should.ThrowAsync<DependencyException>(() => SendAsync(server, HttpMethod.Get, options => options.TotalTimeout = TimeSpan.FromMilliseconds(100)));
        exception.Message.ShouldBe("Home Assistant did not answer within 0.1 seconds.");
    }

    [Fact]
    public async Task Hanging_breaks_the_circuit_too()
    {
        var server = new Server(_ => null);
        await using var services = Services(server, options => (options.TotalTimeout, options.CircuitMinimumCalls) = (TimeSpan.FromSeconds(1), 2));
        var http = services.GetRequiredService<IHttpClientFactory>().CreateClient("home");
        for (var i = 0; i < 3; i++)
            await Should.ThrowAsync<DependencyException>(() => http.GetAsync(Anywhere, TestContext.Current.CancellationToken));
        server.Requests.ShouldBe(2);
    }

    [Fact]
    public async Task A_caller_that_gives_up_is_not_the_dependencys_failure()
    {
        var server = new Server(_ => null);
        await using var services = Services(server, options => options.CircuitMinimumCalls = 2);
        var http = services.GetRequiredService<IHttpClientFactory>().CreateClient("home");
        for (var i = 1; i <= 4; i++)
        {
            using var impatient = new CancellationTokenSource();
            var asked = http.GetAsync(Anywhere, impatient.Token);
            while (server.Requests < i)
                await Task.Delay(1, TestContext.Current.CancellationToken);
            await impatient.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(() => asked);
        }

        server.Requests.ShouldBe(4);
    }

    private static async Task<HttpResponseMessage> SendAsync(Server server, HttpMethod method, Action<DependencyOptions>? configure = null)
    {
        await using var services = Services(server, configure);
        var http = services.GetRequiredService<IHttpClientFactory>().CreateClient("home");
        return await http.SendAsync(new(method, Anywhere) { Content = method == HttpMethod.Get ? null : new StringContent("{}") }, TestContext.Current.CancellationToken);
    }

    private static ServiceProvider Services(Server server, Action<DependencyOptions>? configure)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddHttpClient("home")
            .AddDependencyResilience("Home Assistant", (_, options) =>
            {
                options.RetryDelay = TimeSpan.FromMilliseconds(1);
                configure?.Invoke(options);
            })
            .ConfigurePrimaryHttpMessageHandler(() => server);
        return services.BuildServiceProvider();
    }

    /// <summary>Answers by the number of the request; <see langword="null"/> never answers.</summary>
    private sealed class Server(Func<int, HttpResponseMessage?> answer) : HttpMessageHandler
    {
        private int _requests;

        public int Requests => _requests;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = answer(Interlocked.Increment(ref _requests));
            if (response is null)
                await Task.Delay(Timeout.Infinite, cancellationToken);
            return response!;
        }
    }
}
