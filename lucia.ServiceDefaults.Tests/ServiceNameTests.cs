using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Lucia.ServiceDefaults.Tests;

/// <summary>An AppHost says where its services are, and HTTP clients call them by their names.</summary>
public sealed class ServiceNameTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_for_a_service_reaches_the_address_the_AppHost_wrote()
    {
        await using var kitchen = await KitchenAsync();
        await using var service = await ServiceThatKnowsAsync(kitchen);

        using var response = await Client(service).GetAsync("http://kitchen/tea?sugar=1", Cancellation);

        (await response.Content.ReadAsStringAsync(Cancellation)).ShouldBe("/tea?sugar=1");
        response.RequestMessage!.RequestUri.ShouldBe(new("http://kitchen/tea?sugar=1"));
    }

    [Fact]
    public async Task A_WebSocket_is_opened_at_the_services_HTTP_endpoint()
    {
        await using var kitchen = await KitchenAsync();
        await using var service = await ServiceThatKnowsAsync(kitchen);
        using var socket = new ClientWebSocket();

        await socket.ConnectAsync(new("ws://kitchen/bell"), Client(service), Cancellation);

        socket.State.ShouldBe(WebSocketState.Open);
    }

    [Fact]
    public async Task Any_other_address_is_called_as_it_is()
    {
        await using var kitchen = await KitchenAsync();
        await using var service = await ServiceThatKnowsAsync(kitchen);

        using var response = await Client(service).GetAsync(kitchen.Urls.First() + "/coffee", Cancellation);

        (await response.Content.ReadAsStringAsync(Cancellation)).ShouldBe("/coffee");
    }

    [Fact]
    public async Task An_address_is_found_for_those_who_connect_by_themselves()
    {
        await using var kitchen = await KitchenAsync();
        await using var service = await ServiceThatKnowsAsync(kitchen);
        var addresses = service.Services.GetRequiredService<ServiceAddresses>();

        (await addresses.FindAsync(new("http://kitchen/v1"), Cancellation)).ShouldBe(new(kitchen.Urls.First() + "/v1"));
        (await addresses.FindAsync(new("https://api.example/v1"), Cancellation)).ShouldBe(new("https://api.example/v1"));
        (await addresses.FindAsync(new("http://[::1]:8123/"), Cancellation)).ShouldBe(new("http://[::1]:8123/"));
    }

    private static HttpClient Client(TestService service) => service.Services.GetRequiredService<IHttpClientFactory>().CreateClient("any");

    private static Task<TestService> ServiceThatKnowsAsync(WebApplication kitchen) =>
        TestService.StartAsync(configure: builder => builder.Services.AddHttpClient("any"), settings: [("services:kitchen:http:0", kitchen.Urls.First())]);

    /// <summary>Says what it was asked for.</summary>
    private static async Task<WebApplication> KitchenAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.UseWebSockets();
        app.Run(async context =>
        {
            if (context.WebSockets.IsWebSocketRequest)
                await (await context.WebSockets.AcceptWebSocketAsync()).ReceiveAsync(new byte[1], context.RequestAborted);
            else
                await context.Response.WriteAsync(context.Request.Path + context.Request.QueryString.ToString());
        });
        await app.StartAsync(Cancellation);
        return app;
    }
}
