using Lucia.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Lucia.ServiceDefaults.Tests;

public sealed class LuciaSettingsTests : IDisposable
{
    private const string Canary = "canary-5d41402abc4b2a76";

    private readonly DirectoryInfo _secrets = Directory.CreateTempSubdirectory("lucia-secrets-");

    public void Dispose() => _secrets.Delete(recursive: true);

    [Fact]
    public void Secret_files_are_settings_in_either_spelling_without_their_last_newline()
    {
        Write("HomeAssistant__AccessToken", "token\n");
        Write("ConnectionStrings__embedding_model", "Endpoint=http://nas:11434;Model=embed\r\n");
        Write("unrelated", "ignored");
        var builder = TestService.Builder(("Lucia:SecretsDirectory", _secrets.FullName), ("HOMEASSISTANT_URL", "http://ha:8123"));

        builder.TryAddLuciaSettings(TextWriter.Null, out var settings).ShouldBeTrue();

        settings.ShouldNotBeNull();
        builder.Configuration["HomeAssistant:AccessToken"].ShouldBe("token");
        builder.Configuration["HomeAssistant:BaseUrl"].ShouldBe("http://ha:8123");
        builder.Configuration["ConnectionStrings:embedding-model"].ShouldBe("Endpoint=http://nas:11434;Model=embed");
        builder.Services.BuildServiceProvider().GetRequiredService<Settings.LuciaSettings>().ShouldBeSameAs(settings);
        settings.HomeAssistant!.AccessToken.ShouldBe("token");
        settings.EmbeddingModel!.Model.ShouldBe("embed");
    }

    [Fact]
    public void All_problems_are_printed_for_a_person_without_any_value()
    {
        Write("HomeAssistant__AccessToken", Canary + " " + Canary);
        _secrets.CreateSubdirectory("Auth__ApiKey");
        var builder = TestService.Builder(
            ("Lucia:SecretsDirectory", _secrets.FullName),
            ("ConnectionStrings:chat-model", Canary),
            ("HomeAssistant:BaseUrl", Canary),
            ("Sessions:TtlHours", Canary));
        var error = new StringWriter();

        builder.TryAddLuciaSettings(error, out var settings).ShouldBeFalse();

        settings.ShouldBeNull();
        var text = error.ToString();
        text.ShouldStartWith("Lucia cannot start: there are 5 problems with its settings.");
        text.ShouldContain($"  Auth__ApiKey (in {_secrets.FullName})");
        text.ShouldContain("  Sessions:TtlHours (in the application's own configuration)");
        text.ShouldContain("Use a whole number from 1 to 8760.");
        text.ShouldNotContain(Canary);
    }

    [Fact]
    public void An_unreadable_file_is_a_problem_of_its_own()
    {
        // A link to itself is what nobody can read; file modes do not keep root from reading.
        var path = Path.Combine(_secrets.FullName, "Auth__ApiKey");
        File.CreateSymbolicLink(path, path);
        Errors(("Lucia:SecretsDirectory", _secrets.FullName)).ShouldContain("cannot be read");
    }

    [Fact]
    public void A_file_that_is_far_too_large_is_a_problem_of_its_own()
    {
        Write("Auth__ApiKey", new('a', 100_000));
        Errors(("Lucia:SecretsDirectory", _secrets.FullName)).ShouldContain("too large");
    }

    [Fact]
    public void A_secrets_directory_that_does_not_exist_is_a_problem() =>
        Errors(("Lucia:SecretsDirectory", Path.Combine(_secrets.FullName, "missing"))).ShouldContain("does not exist");

    [Theory]
    [InlineData("urls", "http://0.0.0.0:8080", false)]
    [InlineData("urls", "http://localhost:8080;http://+:8081", false)]
    [InlineData("urls", "http://localhost:8080", true)]
    [InlineData("Kestrel:Endpoints:Http:Url", "http://*:80", false)]
    [InlineData("Kestrel:Endpoints:Http:Url", "http://[::1]:80", true)]
    public void A_bind_that_others_can_reach_needs_a_key(string key, string value, bool starts) =>
        TestService.Builder(("Lucia:SecretsDirectory", _secrets.FullName), (key, value)).TryAddLuciaSettings(TextWriter.Null, out _).ShouldBe(starts);

    [Theory]
    [InlineData(null, new[] { "http://localhost:5000" })]
    [InlineData("8080;8081", new[] { "http://*:8080", "http://*:8081" })]
    public void Ports_alone_mean_every_address(string? ports, string[] expected) =>
        ListenAddresses.Of(new ConfigurationBuilder().AddInMemoryCollection([new("http_ports", ports)]).Build()).ShouldBe(expected);

    [Fact]
    public void Sources_of_a_configuration_are_told_apart()
    {
        var builder = TestService.Builder();
        builder.Configuration.AddCommandLine(["--Sessions:TtlHours=3"]);
        var sources = ConfigurationSources.Of(builder.Configuration).ToArray();
        sources.Select(source => source.Band).Distinct().ShouldBe([SettingBand.ApplicationFiles, SettingBand.CommandLine], ignoreOrder: true);
        SettingsReader.Read(sources, []).Settings!.Sessions.Ttl.ShouldBe(TimeSpan.FromHours(3));
    }

    [Fact]
    public async Task Warnings_are_logged_when_the_service_starts()
    {
        await using var service = await TestService.StartAsync(settings: [("HomeAssistant:Token", Canary)]);
        service.Log.Lines.ShouldContain(line => line.Contains("Did you mean HomeAssistant__AccessToken?", StringComparison.Ordinal));
        service.Log.Lines.ShouldNotContain(line => line.Contains(Canary, StringComparison.Ordinal));
    }

    private static string Errors(params (string Key, string Value)[] settings)
    {
        var error = new StringWriter();
        TestService.Builder(settings).TryAddLuciaSettings(error, out _).ShouldBeFalse();
        error.ToString().ShouldNotContain(Canary);
        return error.ToString();
    }

    private void Write(string name, string value) => File.WriteAllText(Path.Combine(_secrets.FullName, name), value);
}
