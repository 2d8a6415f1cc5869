namespace Lucia.Settings.Tests;

public class SettingKindTests
{
    [Theory]
    [InlineData("HomeAssistant__TimeoutSeconds", "0")]
    [InlineData("HomeAssistant__TimeoutSeconds", "301")]
    [InlineData("HomeAssistant__TimeoutSeconds", "3.5")]
    [InlineData("HomeAssistant__TimeoutSeconds", "thirty")]
    [InlineData("HomeAssistant__ValidateSSL", "maybe")]
    [InlineData("HomeAssistant__BaseUrl", "homeassistant.local:8123")]
    [InlineData("HomeAssistant__BaseUrl", "ws://ha:8123")]
    [InlineData("HomeAssistant__BaseUrl", "http://user:pass@ha:8123")]
    [InlineData("HomeAssistant__BaseUrl", "<your Home Assistant address>")]
    [InlineData("HomeAssistant__AccessToken", "two words")]
    [InlineData("HomeAssistant__AccessToken", "<long-lived token>")]
    [InlineData("HomeAssistant__AllowedDomains", "light switch")]
    [InlineData("Auth__ApiKey", "short")]
    [InlineData("Auth__ApiKey", "'0123456789abcdef0123'")]
    [InlineData("Logging__LogLevel__Default", "Verbose")]
    [InlineData("Lucia__Simulated", "home,garden")]
    [InlineData("LUCIA_BIND", "localhost")]
    [InlineData("LUCIA_BIND", "127.1")]
    [InlineData("LUCIA_PORT", "70000")]
    public void A_bad_value_has_a_fault(string key, string value) => SettingsCatalogue.Find(key)!.Check(value).ShouldNotBeNull();

    [Theory]
    [InlineData("http://ha:8123", "http://ha:8123/")]
    [InlineData("http://ha:8123/", "http://ha:8123/")]
    [InlineData("https://home.example/ha/api/", "https://home.example/ha/")]
    [InlineData("https://home.example/api", "https://home.example/")]
    public void The_homes_address_ends_with_a_slash_and_without_api(string text, string address)
    {
        SettingsCatalogue.HomeAssistantBaseUrl.TryParse(text, out var url, out _).ShouldBeTrue();
        url!.AbsoluteUri.ShouldBe(address);
    }

    [Theory]
    [InlineData("light, Switch,light", "light,switch")]
    [InlineData("cover:garage", "cover:garage")]
    [InlineData("none", "")]
    public void A_list_is_lower_cased_and_none_is_empty(string text, string expected)
    {
        SettingsCatalogue.HomeAssistantConfirmDomains.TryParse(text, out var list, out _).ShouldBeTrue();
        string.Join(',', list!).ShouldBe(expected);
    }

    [Theory]
    [InlineData("Yes", true)]
    [InlineData("on", true)]
    [InlineData("1", true)]
    [InlineData("FALSE", false)]
    [InlineData("off", false)]
    public void The_usual_words_for_yes_and_no_are_read(string text, bool expected)
    {
        SettingsCatalogue.HomeAssistantExposedOnly.TryParse(text, out var value, out _).ShouldBeTrue();
        value.ShouldBe(expected);
    }

    [Theory]
    [InlineData("http://localhost:5000", true)]
    [InlineData("http://127.0.0.5:80", true)]
    [InlineData("https://[::1]:443/", true)]
    [InlineData("http://unix:/run/lucia.sock", true)]
    [InlineData("http://*:80", false)]
    [InlineData("http://+:80", false)]
    [InlineData("http://0.0.0.0:80", false)]
    [InlineData("http://[::]:80", false)]
    [InlineData("http://lucia.lan", false)]
    [InlineData("http://localhost.evil.example", false)]
    [InlineData("http://192.168.1.5:5000", false)]
    public void Only_this_machines_own_names_count_as_loopback(string address, bool expected) => ListenAddress.IsLoopback(address).ShouldBe(expected);
}
