namespace Lucia.ServiceDefaults.Tests;

public sealed class ServiceCommandTests
{
    [Theory]
    [InlineData("http://*:8080", "http://127.0.0.1:8080/")]
    [InlineData("http://+:8080", "http://127.0.0.1:8080/")]
    [InlineData("http://0.0.0.0:5000", "http://127.0.0.1:5000/")]
    [InlineData("http://[::]:5000", "http://127.0.0.1:5000/")]
    [InlineData("http://localhost:5000", "http://localhost:5000/")]
    [InlineData("http://192.168.1.5:80", "http://192.168.1.5/")]
    public void A_service_reaches_itself_by_loopback_when_it_listens_everywhere(string listens, string reached) =>
        ServiceCommand.BindingAddress(listens).AbsoluteUri.ShouldBe(reached);

    [Fact]
    public async Task Arguments_that_name_no_command_start_the_service() =>
        (await ServiceCommand.TryRunAsync(["--urls", "http://localhost:1"], TextWriter.Null)).ShouldBeNull();

    [Fact]
    public async Task The_version_is_one_line()
    {
        var output = new StringWriter();

        (await ServiceCommand.TryRunAsync(["--version"], output)).ShouldBe(0);

        output.ToString().Trim().ShouldNotContain('\n');
    }

    [Fact]
    public async Task A_healthcheck_says_what_it_found_by_exit_code_and_one_line()
    {
        await using var service = await TestService.StartAsync();
        var output = new StringWriter();

        (await ServiceCommand.TryRunAsync(["--healthcheck", new Uri(service.Address, "/health/ready").AbsoluteUri], output)).ShouldBe(0);
        (await ServiceCommand.TryRunAsync(["--healthcheck", new Uri(service.Address, "/nothing").AbsoluteUri], output)).ShouldBe(1);
        (await ServiceCommand.TryRunAsync(["--healthcheck", "http://127.0.0.1:9/"], output)).ShouldBe(1);
        (await ServiceCommand.TryRunAsync(["--healthcheck", "nonsense"], output)).ShouldBe(1);

        output.ToString().ShouldContain("ready");
        output.ToString().ShouldContain("answered 404");
        output.ToString().ShouldContain("nobody answers");
    }
}
