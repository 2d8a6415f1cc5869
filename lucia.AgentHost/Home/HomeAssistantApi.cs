using System.Buffers;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Lucia.AgentHost.Telemetry;
using Lucia.ServiceDefaults;
using Lucia.Settings;

namespace Lucia.AgentHost.Home;

/// <summary>Home Assistant's REST API, as far as Lucia needs it. Every failure is a <see cref="DependencyException"/> that says what to look at.</summary>
/// <remarks>Source: https://developers.home-assistant.io/docs/api/rest</remarks>
public sealed class HomeAssistantApi(IHttpClientFactory clients, LuciaSettings settings)
{
    /// <summary>Calls a service. Home Assistant answers when the service has run, which says nothing of whether anything changed.</summary>
    /// <param name="domain">Such as <c>light</c>.</param>
    /// <param name="service">Such as <c>turn_on</c>.</param>
    /// <param name="data">Writes the properties of the body, <c>entity_id</c> included.</param>
    /// <param name="cancellation">Ends the call.</param>
    public async Task CallServiceAsync(string domain, string service, Action<Utf8JsonWriter> data, CancellationToken cancellation)
    {
        var body = new ArrayBufferWriter<byte>(256);
        await using (var writer = new Utf8JsonWriter(body))
        {
            writer.WriteStartObject();
            data(writer);
            writer.WriteEndObject();
        }

        // A POST is repeated only where Home Assistant certainly did nothing: a scene that ran once must not run twice.
        using var response = await SendAsync($"{domain}.{service}", $"the service {domain}.{service}", cancellation, () =>
        {
            var request = new HttpRequestMessage(HttpMethod.Post, $"api/services/{domain}/{service}") { Content = new ReadOnlyMemoryContent(body.WrittenMemory) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            return request;
        });
    }

    /// <summary>The state of one entity; null when Home Assistant knows no such entity.</summary>
    public async Task<EntityState?> ReadStateAsync(string entityId, CancellationToken cancellation)
    {
        using var response = await ReadAsync("read state", "a state", $"api/states/{Uri.EscapeDataString(entityId)}", cancellation, mayBeMissing: true);
        if (response.StatusCode == HttpStatusCode.NotFound) return null;
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        using var document = await JsonDocument.ParseAsync(stream, cancellationToken: cancellation);
        return EntityState.Read(document.RootElement);
    }

    /// <summary>Whether Home Assistant answers and takes the token.</summary>
    public async Task CheckAsync(CancellationToken cancellation)
    {
        using var response = await ReadAsync("check", "its API", "api/", cancellation);
    }

    private Task<HttpResponseMessage> ReadAsync(string operation, string what, string path, CancellationToken cancellation, bool mayBeMissing = false) =>
        SendAsync(operation, what, cancellation, () => new HttpRequestMessage(HttpMethod.Get, path), mayBeMissing);

    private Task<HttpResponseMessage> SendAsync(
        string operation, string what, CancellationToken cancellation, Func<HttpRequestMessage> request, bool mayBeMissing = false)
    {
        if (settings.HomeAssistant is not { } home)
            throw Failure(HttpStatusCode.ServiceUnavailable, "is not configured. Set HomeAssistant__BaseUrl and HomeAssistant__AccessToken.");
        TagList tags = new() { { "lucia.home.operation", operation }, { "server.address", home.BaseUrl.Host } };
        return AgentTelemetry.MeasureAsync(AgentTelemetry.HomeDuration, "home " + operation, ActivityKind.Client, tags, async activity =>
        {
            try
            {
                using var message = request();
                var response = await clients.CreateClient(HomeHttp.Rest).SendAsync(message, cancellation);
                activity?.SetTag("http.response.status_code", (int)response.StatusCode);
                if (response.IsSuccessStatusCode || (mayBeMissing && response.StatusCode == HttpStatusCode.NotFound)) return response;
                response.Dispose();
                throw Refusal(response.StatusCode, what);
            }
            catch (DependencyException exception) when (exception.InnerException is HttpRequestException { StatusCode: null } or IOException)
            {
                // Sending knows no setting to look at.
                throw Failure(HttpStatusCode.ServiceUnavailable, "cannot be reached. Check that it runs and that HomeAssistant__BaseUrl is right.", exception);
            }
        });
    }

    private static DependencyException Refusal(HttpStatusCode answered, string what)
    {
        var cause = new HttpRequestException(null, null, answered);
        return (int)answered switch
        {
            401 or 403 => Failure(HttpStatusCode.BadGateway, "refused the access token. Make a new long-lived token in your Home Assistant profile and set HomeAssistant__AccessToken.", cause),
            400 => Failure(HttpStatusCode.BadGateway, $"refused the call of {what}.", cause),
            404 => Failure(HttpStatusCode.BadGateway, $"does not know {what}.", cause),
            >= 500 and var status => Failure(HttpStatusCode.ServiceUnavailable, $"failed with HTTP {status}.", cause),
            var status => Failure(HttpStatusCode.BadGateway, $"answered HTTP {status}. Check that HomeAssistant__BaseUrl is Home Assistant's own address.", cause),
        };
    }

    private static DependencyException Failure(HttpStatusCode status, string detail, Exception? cause = null) => new("Home Assistant", detail, status, cause);
}
