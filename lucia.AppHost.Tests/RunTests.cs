using System.Net.Http.Json;
using System.Text.Json;
using Lucia.AppHost.Tests.Support;

namespace Lucia.AppHost.Tests;

/// <summary>The run as a person has it: a process in a terminal, and what that person has set.</summary>
public sealed class RunTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_home_named_in_user_secrets_takes_the_place_of_the_simulated_one()
    {
        var person = Directory.CreateTempSubdirectory("lucia-person-");
        try
        {
            var secrets = person.CreateSubdirectory(Path.Combine("Microsoft", "UserSecrets", "lucia-apphost"));
            await File.WriteAllTextAsync(
                Path.Combine(secrets.FullName, "secrets.json"),
                """{ "HomeAssistant:BaseUrl": "http://127.0.0.1:9", "HomeAssistant:AccessToken": "a-token-of-ones-own" }""", Cancellation);
            using var run = AppHostProgram.StartWith(new Dictionary<string, string> { ["APPDATA"] = person.FullName });

            (await SimulatedAsync(run)).ShouldBe(["chat-model", "embedding-model"]);
            run.Output.ShouldNotContain("a-token-of-ones-own");
        }
        finally
        {
            person.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task What_is_set_in_any_spelling_reaches_the_service_once()
    {
        using var run = AppHostProgram.StartWith(new Dictionary<string, string>
        {
            ["HOMEASSISTANT_URL"] = "http://127.0.0.1:9",
            ["HOMEASSISTANT_ACCESS_TOKEN"] = "a-token-of-ones-own",
            ["ConnectionStrings__chat_model"] = "Endpoint=http://127.0.0.1:9;Model=m;Provider=ollama",
        });

        (await SimulatedAsync(run)).ShouldBeEmpty();
        run.Output.ShouldNotContain("simulator");
    }

    private static async Task<IReadOnlyList<string>> SimulatedAsync(AppHostProgram run)
    {
        await run.UntilPageAsync();
        using var http = new HttpClient();
        var health = await http.GetFromJsonAsync<JsonElement>($"http://127.0.0.1:{run.Port}/health", Cancellation);
        return [.. health.GetProperty("simulated").EnumerateArray().Select(entry => entry.GetProperty("what").GetString()!)];
    }

}
