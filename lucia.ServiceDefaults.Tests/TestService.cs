using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Lucia.ServiceDefaults.Tests;

/// <summary>A small service with the defaults, on a real port of this machine.</summary>
internal sealed class TestService : IAsyncDisposable
{
    public const string Key = "0123456789abcdef-key";

    private readonly WebApplication _app;

    private TestService(WebApplication app)
    {
        _app = app;
        Address = new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Http = new() { BaseAddress = Address };
    }

    public Uri Address { get; }

    public HttpClient Http { get; }

    public IServiceProvider Services => _app.Services;

    public ListLogger Log => Services.GetServices<ILoggerProvider>().OfType<ListLogger>().Single();

    /// <summary>A builder that reads neither this machine's environment nor its files.</summary>
    public static WebApplicationBuilder Builder(params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "lucia-test" });
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRoutingCore();
        builder.Configuration.AddInMemoryCollection(
        [
            new("urls", "http://127.0.0.1:0"),
            new("ConnectionStrings:chat-model", "Endpoint=http://nas:11434;Model=m"),
        ]);
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        return builder;
    }

    public static async Task<TestService> StartAsync(
        string? apiKey = null,
        Action<WebApplicationBuilder>? configure = null,
        params (string Key, string Value)[] settings)
    {
        var builder = Builder([.. settings, ("Auth:ApiKey", apiKey ?? "")]);
        var error = new StringWriter();
        builder.TryAddLuciaSettings(error, out _).ShouldBeTrue(error.ToString());
        configure?.Invoke(builder);
        builder.AddServiceDefaults();
        builder.Logging.AddProvider(new ListLogger());

        var app = builder.Build();
        app.UseServiceDefaults();
        app.MapDefaultEndpoints();
        app.MapGet("/", () => "page").AllowAnonymous();
        app.MapGet("/api/secret", () => "secret");
        app.MapPost("/api/echo", (Message message) => message.Text);
        app.MapGet("/api/fails", string () => throw new InvalidOperationException("canary-inside"));
        app.MapGet("/api/home", string () => throw new DependencyException("Home Assistant", "cannot be reached.", System.Net.HttpStatusCode.BadGateway));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new(app);
    }

    public Task<HttpResponseMessage> GetAsync(string path, Action<HttpRequestHeaders>? headers = null) => SendAsync(HttpMethod.Get, path, null, headers);

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content = null, Action<HttpRequestHeaders>? headers = null)
    {
        var request = new HttpRequestMessage(method, path) { Content = content };
        headers?.Invoke(request.Headers);
        return Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Stops it as a signal does: first everybody is told, then it ends.</summary>
    public Task StopAsync(CancellationToken hurry)
    {
        _app.Lifetime.StopApplication();
        return _app.StopAsync(hurry);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    internal sealed record Message(string Text, int Count = 0);
}
