namespace Lucia.Settings.Tests;

public class CatalogueTests
{
    public static TheoryData<string, string> Examples => [.. SettingsCatalogue.All.SelectMany(setting => setting.Examples.Select(example => (setting.Key, example.Value)))];

    [Theory]
    [MemberData(nameof(Examples))]
    public void Every_documented_example_is_a_good_value(string key, string value) => SettingsCatalogue.Find(key)!.Check(value).ShouldBeNull();

    [Fact]
    public void Every_default_is_a_good_value()
    {
        foreach (var setting in SettingsCatalogue.All.Where(setting => setting.Default is not null))
            setting.Check(setting.Default!).ShouldBeNull(setting.Key);
    }

    [Fact]
    public void Every_allowed_value_is_a_good_value()
    {
        foreach (var setting in SettingsCatalogue.All)
        {
            foreach (var allowed in setting.AllowedValues)
                setting.Check(allowed).ShouldBeNull(setting.Key);
        }
    }

    [Fact]
    public void No_documented_example_is_a_secret()
    {
        foreach (var setting in SettingsCatalogue.All)
        {
            foreach (var example in setting.Examples)
                setting.IsSecretValue(example.Value).ShouldBeFalse($"{setting.Key}: {example.Name}");
        }
    }

    [Fact]
    public void A_model_has_an_example_for_every_provider()
    {
        foreach (var setting in SettingsCatalogue.All.OfType<ModelConnectionSetting>())
        {
            setting.Examples.Select(example => setting.TryParse(example.Value, out var connection, out _) ? connection.Provider : default)
                .Distinct().ShouldBe(Enum.GetValues<ModelProvider>(), ignoreOrder: true);
        }
    }

    [Fact]
    public void An_example_says_that_it_needs_a_key_exactly_when_its_provider_asks_for_one()
    {
        foreach (var setting in SettingsCatalogue.All.OfType<ModelConnectionSetting>())
        {
            foreach (var example in setting.Examples)
            {
                setting.TryParse(example.Value, out var connection, out _).ShouldBeTrue();
                example.NeedsAccessKey.ShouldBe(connection!.Provider.NeedsAccessKey(), example.Name);
            }
        }
    }

    [Fact]
    public void No_name_belongs_to_two_settings_except_the_shared_parts_of_models()
    {
        var names = SettingsCatalogue.All.SelectMany(setting => setting.Spellings).Where(name => name is not ("OpenAI__ApiKey" or "OpenAI__BaseUrl"));
        names.ShouldBeUnique();
        SettingsCatalogue.All.Select(setting => setting.ParameterName).ShouldBeUnique();
    }

    [Fact]
    public void Parameter_names_are_what_Aspire_accepts_as_resource_names()
    {
        foreach (var setting in SettingsCatalogue.All)
            setting.ParameterName.ShouldMatch("^[a-z][a-z0-9]*(-[a-z0-9]+)*$");
    }

    [Fact]
    public void Shell_names_are_what_shells_and_systemd_accept()
    {
        foreach (var setting in SettingsCatalogue.All)
            setting.ShellName.ShouldMatch("^[A-Za-z_][A-Za-z0-9_]*$");
    }

    [Fact]
    public void Descriptions_are_sentences()
    {
        foreach (var setting in SettingsCatalogue.All)
        {
            setting.Description.ShouldEndWith(".");
            setting.Description.Length.ShouldBeLessThan(200, setting.Key);
        }
    }

    [Fact]
    public void References_to_other_settings_lead_somewhere()
    {
        var references = SettingsCatalogue.All.Select(setting => setting.NeededWith).OfType<string>()
            .Concat(SettingsCatalogue.All.OfType<ModelConnectionSetting>().Select(model => model.AccessKeySetting))
            .Append(SettingsCatalogue.Redis.PasswordSetting);
        foreach (var reference in references)
            SettingsCatalogue.Find(reference).ShouldNotBeNull(reference);
    }

    [Theory]
    [InlineData("ConnectionStrings__chat-model")]
    [InlineData("ConnectionStrings__chat_model")]
    [InlineData("connectionstrings:CHAT-MODEL")]
    [InlineData("OpenAI__ModelId")]
    public void A_setting_is_found_in_every_spelling(string name) => SettingsCatalogue.Find(name).ShouldBe(SettingsCatalogue.ChatModel);
}
