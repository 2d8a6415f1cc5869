using System.Net;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Lucia.Simulator.Tests.Home;

namespace Lucia.Simulator.Tests.Faults;

public sealed class HomeFaultTests : SimulatorTest
{
    private static readonly JsonObject Porch = new() { ["entity_id"] = "light.porch" };

    [Fact]
    public async Task A_call_can_be_accepted_and_ignored()
    {
        await FaultAsync("""{"kind":"home-ignores-call","count":1,"match":"light.porch"}""");

        (await PostForJsonAsync("/api/services/light/turn_on", Porch)).AsArray().ShouldBeEmpty();
        Simulator.House.State("light.porch")!.State.ShouldBe("off");

        (await PostForJsonAsync("/api/services/light/turn_on", Porch)).AsArray().Count.ShouldBe(1);
        var calls = (await GetAsync("/simulator/journal"))["serviceCalls"]!.AsArray();
        calls.Select(call => call!["outcome"]!.GetValue<string>()).ShouldBe(["ignored", "changed"]);
    }

    [Fact]
    public async Task A_call_can_be_accepted_and_carried_out_later()
    {
        using var home = await HomeSocket.LogInAsync(Simulator, Cancel);
        await home.AskAsync("subscribe_events", Cancel, new JsonObject { ["event_type"] = "state_changed" });
        await FaultAsync("""{"kind":"home-changes-late","count":1,"milliseconds":50}""");

        (await PostForJsonAsync("/api/services/light/turn_on", Porch)).AsArray().ShouldBeEmpty();

        (await home.EventAsync(Cancel))["data"]!["new_state"]!["state"]!.GetValue<string>().ShouldBe("on");
    }

    [Fact]
    public async Task A_call_can_fail_on_both_interfaces()
    {
        await FaultAsync("""{"kind":"home-error","count":2}""");
        using var home = await HomeSocket.LogInAsync(Simulator, Cancel);

        using var rest = await PostAsync("/api/services/light/turn_on", Porch);
        var socket = await home.AskAsync("call_service", Cancel, new JsonObject { ["domain"] = "light", ["service"] = "turn_on", ["target"] = Porch.DeepClone() });

        rest.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        socket["error"]!["code"]!.GetValue<string>().ShouldBe("home_assistant_error");
        Simulator.House.State("light.porch")!.State.ShouldBe("off");
    }

    [Fact]
    public async Task A_call_can_hang()
    {
        await FaultAsync("""{"kind":"home-hang","milliseconds":60000}""");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);

        var calling = Client.PostAsync("/api/services/light/turn_on", new StringContent(Porch.ToJsonString()), patience.Token);
        while ((await GetAsync("/simulator/journal"))["serviceCalls"]!.AsArray().Count == 0)
            Cancel.ThrowIfCancellationRequested();

        calling.IsCompleted.ShouldBeFalse();
        (await GetAsync("/api/states/light.porch"))["state"]!.GetValue<string>().ShouldBe("off");
        await patience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => calling);
    }

    [Fact]
    public async Task The_socket_can_break_at_the_next_command_and_a_new_one_works()
    {
        using var home = await HomeSocket.LogInAsync(Simulator, Cancel);
        await FaultAsync("""{"kind":"home-socket-drop","count":1}""");

        await Should.ThrowAsync<WebSocketException>(() => home.AskAsync("ping", Cancel));

        using var again = await HomeSocket.LogInAsync(Simulator, Cancel);
        (await again.AskAsync("ping", Cancel))["type"]!.GetValue<string>().ShouldBe("pong");
    }

    [Fact]
    public async Task All_sockets_can_be_broken_at_once()
    {
        using var one = await HomeSocket.LogInAsync(Simulator, Cancel);
        using var two = await HomeSocket.LogInAsync(Simulator, Cancel);

        (await PostForJsonAsync("/simulator/websockets/drop", new JsonObject()))["dropped"]!.GetValue<int>().ShouldBe(2);

        await Should.ThrowAsync<WebSocketException>(() => one.ReceiveAsync(Cancel));
        await Should.ThrowAsync<WebSocketException>(() => two.ReceiveAsync(Cancel));
    }

    [Fact]
    public async Task A_token_without_administrator_rights_gets_states_but_no_registries()
    {
        await FaultAsync("""{"kind":"home-not-admin"}""");
        using var home = await HomeSocket.LogInAsync(Simulator, Cancel);

        foreach (var command in new[] { "config/area_registry/list", "config/entity_registry/list", "homeassistant/expose_entity/list" })
            (await home.AskAsync(command, Cancel))["error"]!.ToJsonString().ShouldBe("""{"code":"unauthorized","message":"Unauthorized"}""");
        (await home.AskAsync("get_states", Cancel))["success"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public async Task A_good_token_can_be_refused()
    {
        await FaultAsync("""{"kind":"home-unauthorized","count":2}""");

        using var rest = await Client.GetAsync("/api/", Cancel);
        rest.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        using var home = await HomeSocket.OpenAsync(Simulator, Cancel);
        await home.ReceiveAsync(Cancel);
        await home.SendAsync(new JsonObject { ["type"] = "auth", ["access_token"] = Simulator.AccessToken }, Cancel);
        (await home.ReceiveAsync(Cancel))["type"]!.GetValue<string>().ShouldBe("auth_invalid");

        (await GetAsync("/api/"))["message"]!.GetValue<string>().ShouldBe("API running.");
    }
}
