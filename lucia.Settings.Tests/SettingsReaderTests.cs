using static Lucia.Settings.Tests.Sources;

namespace Lucia.Settings.Tests;

public class SettingsReaderTests
{
    [Fact]
    public void A_chat_model_is_all_it_takes()
    {
        var result = Read(Environment(("ConnectionStrings__chat_model", Ollama)));

        result.Problems.ShouldBeEmpty();
        result.Warnings.ShouldBeEmpty();
        var settings = result.Settings.ShouldNotBeNull();
        settings.ChatModel.Model.ShouldBe("qwen3:8b");
        settings.Sessions.ShouldBe(new(TimeSpan.FromHours(24), 20));
        (settings.EmbeddingModel, settings.Redis, settings.HomeAssistant, settings.ApiKey).ShouldBe((null, null, null, null));
    }

    [Fact]
    public void Everything_that_is_set_is_read()
    {
        var settings = Read(
            AppSettings(("HomeAssistant:AllowedDomains:0", "light"), ("HomeAssistant:AllowedDomains:1", "switch")),
            Files(("HomeAssistant__AccessToken", "token"), ("Redis__Password", "with, comma and space"), ("ChatModel__AccessKey", "key")),
            Environment(
                ("ConnectionStrings__chat-model", "Endpoint=https://api.openai.com/v1;Model=m"),
                ("ConnectionStrings__redis", "redis:6379"),
                ("HomeAssistant__BaseUrl", "http://ha:8123"),
                ("HomeAssistant__ValidateSSL", "no"),
                ("Lucia__Simulated", "home"),
                ("Sessions__TtlHours", "2"))).Settings.ShouldNotBeNull();

        settings.ChatModel.AccessKey.ShouldBe("key");
        settings.Redis!.Password.ShouldBe("with, comma and space");
        var home = settings.HomeAssistant.ShouldNotBeNull();
        (home.AccessToken, home.ValidateSsl, home.Timeout).ShouldBe(("token", false, TimeSpan.FromSeconds(30)));
        home.AllowedDomains.ShouldBe(["light", "switch"]);
        home.ConfirmDomains.ShouldBe(["lock", "alarm_control_panel", "cover:garage"]);
        settings.Sessions.Ttl.ShouldBe(TimeSpan.FromHours(2));
        settings.Simulated.ShouldBe(["home"]);
    }

    [Fact]
    public void Empty_means_unset()
    {
        var result = Read(Environment(
            ("ConnectionStrings__chat-model", ""), ("ConnectionStrings__chat_model", Ollama), ("HomeAssistant__BaseUrl", "  "), ("ConnectionStrings__embedding-model", "")));
        result.Problems.ShouldBeEmpty();
        result.Settings!.HomeAssistant.ShouldBeNull();
    }

    [Fact]
    public void All_problems_are_listed_at_once()
    {
        var result = Read(
            Environment(("HOMEASSISTANT_URL", "ha"), ("Sessions__TtlHours", "x"), ("ConnectionStrings__redis", "redis:0")),
            CommandLine(("Sessions:MaxTurns", "0")));

        result.Settings.ShouldBeNull();
        result.Problems.Select(problem => (problem.Setting, problem.Source)).ShouldBe(
            [
                ("ConnectionStrings__chat-model", null),
                ("HOMEASSISTANT_URL", "the environment"),
                ("HomeAssistant__AccessToken", null),
                ("ConnectionStrings__redis", "the environment"),
                ("Sessions__TtlHours", "the environment"),
                ("Sessions__MaxTurns", "the command line"),
            ],
            ignoreOrder: true);
    }

    [Fact]
    public void A_deprecated_name_is_read_with_a_warning_that_names_its_successor()
    {
        var result = Read(Environment(
            ("ConnectionStrings__chat_model", Ollama), ("HOMEASSISTANT_URL", "http://ha:8123"), ("HOMEASSISTANT_ACCESS_TOKEN", "token"), ("Redis__ConnectionString", "redis://redis")));

        result.Settings!.HomeAssistant!.AccessToken.ShouldBe("token");
        result.Settings.Redis!.Host.ShouldBe("redis");
        result.Warnings.Select(warning => warning.Setting).ShouldBe(["HOMEASSISTANT_URL", "HOMEASSISTANT_ACCESS_TOKEN", "Redis__ConnectionString"], ignoreOrder: true);
        result.Warnings[0].What.ShouldContain("HomeAssistant__BaseUrl");
        result.Values["HomeAssistant__BaseUrl"].ShouldBe("http://ha:8123");
    }

    [Theory]
    [InlineData("ConnectionStrings__redis", "redis:6379", "ConnectionStrings__redis", "other:6379")]
    [InlineData("ConnectionStrings__redis", "redis:6379", "Redis__ConnectionString", "other:6379")]
    [InlineData("HomeAssistant__BaseUrl", "http://ha:1", "HOMEASSISTANT_URL", "http://ha:2")]
    [InlineData("ConnectionStrings__chat-model", Ollama, "ConnectionStrings__chat_model", "Endpoint=http://nas:11434;Model=other")]
    [InlineData("ConnectionStrings__chat-model", Ollama, "OpenAI__ModelId", "other")]
    [InlineData("ConnectionStrings__chat-model", Ollama, "OpenAI__BaseUrl", "http://other:11434")]
    [InlineData("ConnectionStrings__chat-model", Ollama + ";AccessKey=one", "ChatModel__AccessKey", "two")]
    [InlineData("ConnectionStrings__chat-model", Ollama + ";AccessKey=one", "OpenAI__ApiKey", "two")]
    [InlineData("ConnectionStrings__redis", "redis:6379,password=one", "Redis__Password", "two")]
    public void Two_places_that_disagree_are_a_problem_that_names_both(string key, string value, string otherKey, string otherValue)
    {
        var result = Read(
            Environment((key, value), key.EndsWith("chat-model", StringComparison.Ordinal) ? ("none", null) : ("ConnectionStrings__embedding-model", Ollama)),
            Files((otherKey, otherValue)));

        var problem = result.Problems.Where(problem => problem.What.Contains("disagree", StringComparison.Ordinal)).ShouldHaveSingleItem();
        problem.ToString().ShouldContain(key);
        problem.ToString().ShouldContain(otherKey);
        problem.ToString().ShouldContain("the environment");
        problem.ToString().ShouldContain("/run/secrets");
    }

    [Theory]
    [InlineData("HomeAssistant__BaseUrl", "http://ha:8123", "HOMEASSISTANT_URL", "http://ha:8123/")]
    [InlineData("ConnectionStrings__redis", "redis:6379", "Redis__ConnectionString", "redis://redis")]
    [InlineData("ConnectionStrings__chat-model", Ollama, "ConnectionStrings__chat_model", "Endpoint=http://nas:11434/v1/;Model=qwen3:8b")]
    [InlineData("ConnectionStrings__chat-model", Ollama, "OpenAI__ModelId", "qwen3:8b")]
    [InlineData("HomeAssistant__AllowedDomains", "light,switch", "homeassistant__alloweddomains", "light, switch")]
    public void Two_places_that_mean_the_same_are_fine(string key, string value, string otherKey, string otherValue) =>
        SettingsReader.Resolve([Environment((key, value)), Files((otherKey, otherValue))]).Problems.ShouldBeEmpty();

    [Fact]
    public void The_command_line_overrides_the_environment_which_overrides_files_of_the_application()
    {
        var result = Read(
            AppSettings(("Sessions:TtlHours", "1"), ("Sessions:MaxTurns", "1"), ("ConnectionStrings:chat-model", "Endpoint=http://a:1;Model=a")),
            Environment(("Sessions__TtlHours", "2"), ("Sessions__MaxTurns", "2"), ("ConnectionStrings__chat_model", Ollama)),
            CommandLine(("Sessions:MaxTurns", "3")));

        result.Problems.ShouldBeEmpty();
        result.Settings!.Sessions.ShouldBe(new(TimeSpan.FromHours(2), 3));
        result.Settings.ChatModel.Model.ShouldBe("qwen3:8b");
    }

    [Fact]
    public void Of_two_files_of_the_application_the_later_one_wins()
    {
        var result = Read(AppSettings(("ConnectionStrings:chat-model", Ollama), ("Sessions:TtlHours", "1")), AppSettings(("Sessions:TtlHours", "2")));
        result.Settings!.Sessions.Ttl.ShouldBe(TimeSpan.FromHours(2));
    }

    [Fact]
    public void OpenAI_settings_compose_both_models()
    {
        var result = Read(Environment(("OpenAI__ApiKey", "a;b"), ("OpenAI__ModelId", "chat"), ("OpenAI__EmbeddingModelId", "embed")));

        result.Problems.ShouldBeEmpty();
        var endpoint = new Uri("https://api.openai.com/v1");
        result.Settings!.ChatModel.ShouldBe(new(ModelProvider.OpenAI, endpoint, "chat", "a;b"));
        result.Settings.EmbeddingModel.ShouldBe(new(ModelProvider.OpenAI, endpoint, "embed", "a;b"));
        result.Warnings.Select(warning => warning.Setting).ShouldBe(["OpenAI__ApiKey", "OpenAI__ModelId", "OpenAI__EmbeddingModelId"], ignoreOrder: true);
        result.Values.Keys.ShouldNotContain("OpenAI__ApiKey");
    }

    [Fact]
    public void OpenAI_settings_may_serve_the_embedding_model_alone()
    {
        var result = Read(Environment(("ConnectionStrings__chat-model", Ollama), ("OpenAI__ApiKey", "k"), ("OpenAI__EmbeddingModelId", "embed")));
        result.Problems.ShouldBeEmpty();
        (result.Settings!.ChatModel.AccessKey, result.Settings.EmbeddingModel!.AccessKey).ShouldBe((null, "k"));
    }

    [Fact]
    public void An_OpenAI_key_without_a_model_names_what_is_missing()
    {
        var problem = Read(Environment(("OpenAI__ApiKey", "k"))).Problems.ShouldHaveSingleItem();
        problem.Setting.ShouldBe("OpenAI__ModelId");
        problem.What.ShouldContain("OpenAI__ApiKey");
    }

    [Theory]
    [InlineData("HomeAssistant__Token", "HomeAssistant__AccessToken")]
    [InlineData("HomeAssistant__Url", "HomeAssistant__BaseUrl")]
    [InlineData("HomeAsistant__BaseUrl", "HomeAssistant__BaseUrl")]
    [InlineData("Sessions__TTL", "Sessions__TtlHours")]
    [InlineData("ConnectionStrings__chatmodel", "ConnectionStrings__chat-model")]
    [InlineData("Auth__Key", "Auth__ApiKey")]
    public void A_mistyped_name_gets_a_warning_with_the_nearest_name(string written, string meant)
    {
        var warning = Read(Environment(("ConnectionStrings__chat-model", Ollama), (written, "x"))).Warnings.ShouldHaveSingleItem();
        warning.Setting.ShouldBe(written);
        warning.What.ShouldContain($"Did you mean {meant}?");
    }

    [Theory]
    [InlineData("ConnectionStrings__postgres")]
    [InlineData("Logging__LogLevel__Microsoft")]
    [InlineData("Simulator__AccessToken")]
    [InlineData("PATH")]
    [InlineData("Kestrel__Endpoints__Http__Url")]
    public void A_name_of_someone_else_gets_none(string name) =>
        Read(Environment(("ConnectionStrings__chat-model", Ollama), (name, "x"))).Warnings.ShouldBeEmpty();

    [Theory]
    [InlineData("http://0.0.0.0:8080", null, false)]
    [InlineData("http://0.0.0.0:8080", "0123456789abcdef", true)]
    [InlineData("http://localhost:8080", null, true)]
    [InlineData("http://localhost:8080", "tooshort", false)]
    public void A_service_that_others_can_reach_needs_a_strong_key(string address, string? key, bool starts) =>
        (SettingsReader.Read([Environment(("ConnectionStrings__chat-model", Ollama), ("Auth__ApiKey", key))], [address]).Settings is not null).ShouldBe(starts);

    [Fact]
    public void A_composition_can_ask_whether_something_is_configured()
    {
        var resolved = SettingsReader.Resolve([Environment(("HOMEASSISTANT_URL", "http://ha:8123"), ("OpenAI__ModelId", "m"), ("OpenAI__BaseUrl", "http://nas:11434"))]);

        resolved.IsSet(SettingsCatalogue.Redis).ShouldBeFalse();
        resolved[SettingsCatalogue.HomeAssistantBaseUrl]!.WrittenAs.ShouldBe("HOMEASSISTANT_URL");
        ModelConnection.TryParse(resolved[SettingsCatalogue.ChatModel]!.Value, null, out var model, out _).ShouldBeTrue();
        model!.Provider.ShouldBe(ModelProvider.Ollama);
        SettingsCatalogue.ChatModel.Spellings.ShouldBe(
            ["ConnectionStrings__chat-model", "ConnectionStrings__chat_model", "OpenAI__ApiKey", "OpenAI__BaseUrl", "OpenAI__ModelId"]);
    }
}
