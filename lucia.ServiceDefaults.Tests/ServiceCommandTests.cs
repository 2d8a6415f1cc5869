namespace Lucia.ServiceDefaults.Tests;

public sealed class ServiceCommandTests
{
    private static readonly ServiceVerb Doctor = new("doctor", "doctor", "examines", static (_, _) => Task.FromResult(0));

    [Theory]
    [InlineData("http://*:8080", "http://127.0.0.1:8080/")]
    [InlineData("http://+:8080", "http://127.0.0.1:8080/")]
    [InlineData("http://0.0.0.0:5000", "http://127.0.0.1:5000/")]
    [InlineData("http://[::]:5000", "http://127.0.0.1:5000/")]
    [InlineData("http://localhost:5000", "http://localhost:5000/")]
    [InlineData("http://192.168.1.5:80", "http://192.168.1.5/")]
    public void A_service_reaches_itself_by_loopback_when_it_listens_everywhere(string listens, string reached) =>
        ServiceCommand.BindingAddress(listens).AbsoluteUri.ShouldBe(reached);

    [Theory]
    [InlineData]
    [InlineData("--urls", "http://localhost:1")]
    [InlineData("--environment=Development", "--contentRoot=/srv/lucia", "--applicationName=lucia.AgentHost")]
    [InlineData("--HomeAssistant:BaseUrl", "http://home:8123", "/Sessions:TtlHours=5", "/Sessions:MaxTurns", "7", "Logging:LogLevel:Default=Debug")]
    [InlineData("--ConnectionStrings:chat-model=Endpoint=http://model/v1;Model=doctor")]
    [InlineData("--Home:Name", "doctor", "--Number", "-5", "--Nothing=")]
    public async Task Arguments_that_are_settings_start_the_service(params string[] args)
    {
        var error = new StringWriter();

        (await ServiceCommand.TryRunAsync(args, TextWriter.Null, error, Doctor)).ShouldBeNull(error.ToString());

        error.ToString().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("\"docter\" is no command; did you mean \"doctor\"?", "docter")]
    [InlineData("\"--docter\" is no command; did you mean \"doctor\"?", "--docter", "--json")]
    [InlineData("\"healthcheck\" is no command; did you mean \"--healthcheck\"?", "healthcheck")]
    [InlineData("\"--helthcheck\" is no command; did you mean \"--healthcheck\"?", "--helthcheck", "http://127.0.0.1:8080/health/ready")]
    [InlineData("\"-v\" is neither a command nor a setting", "-v")]
    [InlineData("\"-x=1\" is neither a command nor a setting", "-x=1")]
    [InlineData("\"serve\" is neither a command nor a setting", "serve")]
    [InlineData("\"--verbose\" has no value, and is no command", "--verbose")]
    [InlineData("\"--verbose\" has no value, and is no command", "--verbose", "--urls", "http://localhost:1")]
    [InlineData("\"--version\" does not go with what follows it", "--version", "--short=1")]
    [InlineData("\"doctor\" must come first", "--urls", "http://localhost:1", "doctor")]
    public async Task Anything_else_is_refused_with_what_there_is(string fault, params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());

        (await ServiceCommand.TryRunAsync(args, output, error, Doctor)).ShouldBe(2);

        output.ToString().ShouldBeEmpty();
        error.ToString().ReplaceLineEndings("\n").ShouldStartWith(fault + "\n");
        error.ToString().ShouldContain("Commands: doctor, --healthcheck, --version, --help. Settings: --Section:Key=value. See ");
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_told_at_once()
    {
        var error = new StringWriter();

        await ServiceCommand.TryRunAsync(["serve", "--urls", "http://localhost:1", "now"], TextWriter.Null, error, Doctor);

        foreach (var word in new[] { "\"serve\"", "\"now\"" }) error.ToString().ShouldContain(word);
    }

    [Fact]
    public async Task The_version_is_one_line()
    {
        var output = new StringWriter();

        (await ServiceCommand.TryRunAsync(["--version"], output, TextWriter.Null)).ShouldBe(0);

        output.ToString().Trim().ShouldNotContain('\n');
    }

    [Fact]
    public async Task A_healthcheck_says_what_it_found_by_exit_code_and_one_line()
    {
        await using var service = await TestService.StartAsync();
        var output = new StringWriter();

        (await ServiceCommand.TryRunAsync(["--healthcheck", new Uri(service.Address, "/health/ready").AbsoluteUri], output, TextWriter.Null)).ShouldBe(0);
        (await ServiceCommand.TryRunAsync(["--healthcheck", new Uri(service.Address, "/nothing").AbsoluteUri], output, TextWriter.Null)).ShouldBe(1);
        (await ServiceCommand.TryRunAsync(["--healthcheck", "http://127.0.0.1:9/"], output, TextWriter.Null)).ShouldBe(1);
        (await ServiceCommand.TryRunAsync(["--healthcheck", "nonsense"], output, TextWriter.Null)).ShouldBe(1);

        output.ToString().ShouldContain("ready");
        output.ToString().ShouldContain("answered 404");
        output.ToString().ShouldContain("nobody answers");
    }
}
