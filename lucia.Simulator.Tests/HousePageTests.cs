using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Lucia.Simulator.Tests;

public sealed class HousePageTests : SimulatorTest
{
    [Fact]
    public async Task The_page_needs_no_token_and_runs_nothing_but_its_own_script()
    {
        using var anonymous = Anonymous();

        using var response = await anonymous.GetAsync("/", Cancel);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldStartWith("default-src 'none'");
        policy.ShouldNotContain("unsafe");
        (await response.Content.ReadAsStringAsync(Cancel)).ShouldNotContain(Simulator.AccessToken);
    }

    [Fact]
    public async Task The_page_sees_a_light_turn_on()
    {
        using var anonymous = Anonymous();
        Simulator.House.Set("light.kitchen_ceiling", "on");

        var house = (await anonymous.GetFromJsonAsync<JsonNode>("/house.json", Cancel))!;

        house["areas"]!.AsArray().Single(area => area!["name"]!.GetValue<string>() == "Kitchen")!["entities"]!.AsArray()
            .Single(entity => entity!["entity_id"]!.GetValue<string>() == "light.kitchen_ceiling")!["state"]!.GetValue<string>().ShouldBe("on");
    }

    [Theory]
    [InlineData("/", "evil.example")]
    [InlineData("/house.json", "evil.example:5080")]
    [InlineData("/house.json", "127.0.0.1.evil.example")]
    public async Task A_request_under_a_foreign_name_is_not_answered(string path, string host)
    {
        using var anonymous = Anonymous();
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = host } };

        using var response = await anonymous.SendAsync(request, Cancel);

        response.StatusCode.ShouldBe(HttpStatusCode.MisdirectedRequest);
    }

    [Fact]
    public async Task Alive_answers_everyone()
    {
        using var anonymous = Anonymous();

        (await anonymous.GetStringAsync("/alive", Cancel)).ShouldBe("alive");
    }
}
