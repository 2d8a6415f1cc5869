using System.Reflection;
using static Lucia.Settings.Tests.Sources;

namespace Lucia.Settings.Tests;

public class SecrecyTests
{
    private const string Canary = "canary-7b52009b64fd0a2a";

    [Fact]
    public void No_problem_or_warning_shows_a_value()
    {
        foreach (var setting in SettingsCatalogue.All.Concat(SettingsCatalogue.Deprecated))
        {
            foreach (var name in setting.Spellings)
            {
                string[] values = [Canary, $"\"{Canary}\"", $"<{Canary}>", $"http://{Canary}@x", $"Endpoint={Canary};{Canary}={Canary}", $"a:b:{Canary},{Canary}=c", $"{Canary} ä"];
                foreach (var value in values)
                {
                    var result = Read(
                        Environment((name, value), ("HomeAssistant__Tokn", Canary), ("Auth__ApiKey", Canary[..10])),
                        Files((name, value + Canary)),
                        CommandLine(("Sessions:TtlHours", Canary)));

                    string.Join('\n', result.Problems.Select(problem => $"{problem}{problem.What}{problem.Remedy}")).ShouldNotContain(Canary[..10], customMessage: name);
                    string.Join('\n', result.Warnings).ShouldNotContain(Canary[..10]);
                    $"{result}{result.Resolved}{result.Resolved[setting]}".ShouldNotContain(Canary[..10]);
                }
            }
        }
    }

    [Fact]
    public void No_record_that_holds_settings_shows_a_secret()
    {
        var settings = new LuciaSettings
        {
            ChatModel = new(ModelProvider.OpenAI, new("https://api.openai.com/v1"), "m", Canary),
            EmbeddingModel = new(ModelProvider.OpenAI, new("https://api.openai.com/v1"), "m", Canary),
            Redis = new("redis", 6379, "u", Canary, true, 1, []),
            HomeAssistant = new(new("http://ha:8123/"), Canary, TimeSpan.FromSeconds(1), true, true, [], []),
            Sessions = new(TimeSpan.FromHours(1), 1),
            ApiKey = Canary,
        };

        var printed = new HashSet<Type>();
        Print(settings);
        printed.ShouldBe([typeof(LuciaSettings), typeof(ModelConnection), typeof(RedisSettings), typeof(HomeAssistantSettings), typeof(SessionSettings)], ignoreOrder: true);

        void Print(object value)
        {
            $"{value}".ShouldNotContain(Canary);
            printed.Add(value.GetType());
            foreach (var property in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
            {
                if (property.PropertyType.Assembly == typeof(LuciaSettings).Assembly && !property.PropertyType.IsEnum && property.GetValue(value) is { } inner)
                    Print(inner);
            }
        }
    }

    [Fact]
    public void Every_secret_text_of_a_settings_record_is_covered_by_the_test_above()
    {
        string[] secrets = [.. typeof(LuciaSettings).Assembly.GetExportedTypes()
            .Where(type => type.Name is nameof(LuciaSettings) or nameof(ModelConnection) || type.Name.EndsWith("Settings", StringComparison.Ordinal))
            .SelectMany(type => type.GetProperties().Where(property => property.PropertyType == typeof(string)).Select(property => property.Name))
            .Where(name => name.Contains("Key", StringComparison.Ordinal) || name.Contains("Token", StringComparison.Ordinal) || name.Contains("Password", StringComparison.Ordinal))
            .Distinct()];
        secrets.ShouldBe(["AccessKey", "AccessToken", "Password", "ApiKey"], ignoreOrder: true);
    }
}
