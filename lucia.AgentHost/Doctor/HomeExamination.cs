using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Lucia.AgentHost.Home;
using Lucia.Settings;

namespace Lucia.AgentHost.Doctor;

/// <summary>Home Assistant: it can be reached, takes the token, and lets Lucia see entities in rooms.</summary>
internal sealed class HomeExamination(LuciaSettings settings) : Examination(["home-assistant", "home-entities"], TimeSpan.FromSeconds(20))
{
    private const string Address = "HomeAssistant__BaseUrl";
    private const string Token = "HomeAssistant__AccessToken";
    private const int LargestAnswer = 1024 * 1024;

    protected override string WhenTooSlow => $"Check that Home Assistant has finished starting, and that {Address} is its own address.";

    protected override async IAsyncEnumerable<Finding> FindAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        if (settings.HomeAssistant is not { } home)
        {
            yield return new("home-assistant", CheckStatus.Warn, "Not configured: Lucia only chats.", $"Set {Address} and {Token}.");
            yield return new("home-entities", CheckStatus.Skip, "There is no home.");
            yield break;
        }

        if (await Reach.TryAsync(home.BaseUrl, Address, cancellation) is { } unreachable)
        {
            yield return unreachable.Fails("home-assistant");
            yield break;
        }

        var handler = new SocketsHttpHandler();
        HomeHttp.Configure(handler, home);
        using var http = new HttpClient(handler) { BaseAddress = home.BaseUrl, MaxResponseContentBufferSize = LargestAnswer };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", home.AccessToken);
        var answer = await AskAsync(http, home, cancellation);
        yield return answer;
        if (answer.Status == CheckStatus.Fail) yield break;

        yield return await EntitiesAsync(home, cancellation);
    }

    private static async Task<Finding> AskAsync(HttpClient http, HomeAssistantSettings home, CancellationToken cancellation)
    {
        const string Name = "home-assistant";
        try
        {
            using var response = await http.GetAsync("api/config", cancellation);
            if (!response.IsSuccessStatusCode) return Refusal(response, home).Fails(Name);
            if (await VersionAsync(response, cancellation) is not { } version)
                return new(Name, CheckStatus.Fail, $"{home.BaseUrl} answers, but it is not Home Assistant.", $"Put Home Assistant's own address into {Address}; a page to sign in to may stand in front of it.");

            var found = $"Home Assistant {version} at {home.BaseUrl.GetLeftPart(UriPartial.Authority)} takes the token.";
            return home.BaseUrl.Scheme == Uri.UriSchemeHttps && !home.ValidateSsl
                ? new(Name, CheckStatus.Warn, found + " Its certificate is not checked, so anybody in between could read the token.", "Install the certificate's authority on this machine and set HomeAssistant__ValidateSSL=true.")
                : new(Name, CheckStatus.Pass, found);
        }
        catch (HttpRequestException exception)
        {
            const string OwnCertificate = "Use a certificate that this machine trusts, under the name it was made for. For one that you signed yourself, set HomeAssistant__ValidateSSL=false.";
            var trouble = Reach.Certificate(exception, home.BaseUrl, OwnCertificate)
                ?? new($"{home.BaseUrl.Authority} ended the connection.", $"Check {Address}: Home Assistant may speak https:// there, or the port may belong to something else.");
            return trouble.Fails(Name);
        }
    }

    private static Trouble Refusal(HttpResponseMessage response, HomeAssistantSettings home) => (int)response.StatusCode switch
    {
        401 => new("Home Assistant refused the token (HTTP 401).", $"Make a long-lived access token in your profile there (Security) and set {Token}. Copy all of it: it has some 180 characters."),
        403 => new("Home Assistant refuses this machine (HTTP 403).", "It was banned after wrong tokens: remove its address from ip_bans.yaml in Home Assistant's configuration, and restart that."),
        400 => new("Home Assistant refuses the way to it (HTTP 400).", "Behind a reverse proxy it wants use_x_forwarded_for and trusted_proxies in its http configuration; or use its own address. An https port wants https://."),
        >= 300 and < 400 => new($"{home.BaseUrl.Authority} sends on to {Elsewhere(response, home)}.", $"Put that address into {Address}: the token is not sent along to another one."),
        404 => new($"There is no Home Assistant API at {home.BaseUrl}.", $"Check {Address}: the address of its page in a browser, without a path."),
        >= 500 and var status => new($"Home Assistant, or a proxy in front of it, fails with HTTP {status}.", "It may still be starting: try again in a minute."),
        var status => new($"{home.BaseUrl.Authority} answers HTTP {status}.", $"Check that {Address} is Home Assistant's own address."),
    };

    private static string Elsewhere(HttpResponseMessage response, HomeAssistantSettings home) =>
        response.Headers.Location is { } location ? new Uri(home.BaseUrl, location).GetLeftPart(UriPartial.Authority) : "another address";

    private static async Task<string?> VersionAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellation));
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("version", out var version) ? version.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async Task<Finding> EntitiesAsync(HomeAssistantSettings home, CancellationToken cancellation)
    {
        const string Name = "home-entities";
        var handler = new SocketsHttpHandler();
        HomeHttp.Configure(handler, home);
        using var http = new HttpMessageInvoker(handler);
        var house = new House(settings);
        try
        {
            await using var socket = await HomeAssistantSocket.ConnectAsync(home.BaseUrl, home.AccessToken, http, cancellation);
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var receiving = socket.ReceiveAsync(ending.Token);
            var states = socket.CommandAsync("get_states", cancellation);
            var registries = await RegistryReader.ReadAsync(socket, home.ExposedOnly, cancellation);
            house.Load(registries, (await states).EnumerateArray().Select(EntityState.Read).OfType<EntityState>());
            await ending.CancelAsync();
            await receiving.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
        catch (Exception exception) when (exception is System.Net.WebSockets.WebSocketException or IOException or HomeAssistantRefusedException)
        {
            return new(Name, CheckStatus.Fail, "Home Assistant answers, but its WebSocket does not.", "A proxy in front of it must pass WebSockets on (Upgrade and Connection headers); or use Home Assistant's own address.");
        }

        var seen = house.Entities.Count;
        if (house.Registries.Notes is { Count: > 0 } notes)
            return new(Name, CheckStatus.Warn, $"{seen} entities. {string.Join(' ', notes)}", $"Make the token as an administrator, or set HomeAssistant__ExposedOnly=false and name the kinds to use in HomeAssistant__AllowedDomains.");
        if (seen == 0)
        {
            return new(Name, CheckStatus.Warn, "Lucia sees no device at all.", home.ExposedOnly
                ? "Expose some to Assist in Home Assistant: Settings, Voice assistants, Expose. Or set HomeAssistant__ExposedOnly=false."
                : "Check HomeAssistant__AllowedDomains.");
        }

        return house.Areas.Count == 0
            ? new(Name, CheckStatus.Warn, $"{seen} entities, but no rooms, so \"the kitchen light\" means nothing.", "Put the devices into areas in Home Assistant: Settings, Areas.")
            : new(Name, CheckStatus.Pass, $"{seen} entities in {house.Areas.Count} areas{(home.ExposedOnly ? ", as exposed to Assist" : "")}.");
    }
}
