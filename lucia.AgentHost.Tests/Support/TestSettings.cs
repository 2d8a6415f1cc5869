using Lucia.Settings;

namespace Lucia.AgentHost.Tests.Support;

/// <summary>Settings for parts under test; the defaults are those of the catalogue.</summary>
internal static class TestSettings
{
    public static LuciaSettings With(
        RedisSettings? redis = null, HomeAssistantSettings? home = null, ModelConnection? chat = null, int maxTurns = 20) => new()
        {
            ChatModel = chat ?? new(ModelProvider.OpenAICompatible, new Uri("http://127.0.0.1:9/v1"), "none", null),
            Redis = redis,
            HomeAssistant = home,
            Sessions = new(TimeSpan.FromHours(24), maxTurns),
            Simulated = [],
        };

    public static HomeAssistantSettings Home(Uri address, string token, params string[] confirm) =>
        new(address, token, TimeSpan.FromSeconds(10), true, true, [], confirm);
}
