using System.Text;
using Lucia.AgentHost.Tests.Support;

namespace Lucia.Deployment.Tests.Support;

public sealed class RanTests
{
    [Fact]
    public async Task What_takes_too_long_is_ended_and_told_with_the_limit_and_what_it_said()
    {
        Assert.SkipWhen(Programs.Find("bash") is null, "bash is not on PATH");

        var program = await Should.ThrowAsync<TimeoutException>(() => Ran.ToEndAsync("bash", ["-c", "echo \"begun as $$\"; echo 'not well' >&2; sleep 300"], seconds: 3));
        var shell = await Should.ThrowAsync<TimeoutException>(() => Shell.RunAsync("printf 'no end of line'; sleep 300", Path.GetTempPath(), seconds: 3));

        foreach (var part in new[] { "'bash -c echo", "took more than 3 s", "begun as ", "not well" }) program.Message.ShouldContain(part);
        foreach (var part in new[] { "'printf", "took more than 3 s", "no end of line" }) shell.Message.ShouldContain(part);
        var id = program.Message.Split("begun as ")[^1].Split('\n')[0];
        await Eventually.TrueAsync("it was ended", async () => (await Ran.ToEndAsync("bash", ["-c", $"kill -0 {id}"])).ExitCode != 0);
    }

    [Fact]
    public async Task What_a_program_says_comes_as_it_is_even_when_it_leaves_its_input_unread()
    {
        Assert.SkipWhen(Programs.Find("bash") is null, "bash is not on PATH");
        var more = new MemoryStream(Encoding.UTF8.GetBytes(new string('x', 1 << 20)));

        var ran = await Ran.ToEndAsync("bash", ["-c", "printf 'a\\n\\nb'; printf \"$WORD\" >&2; exit 3"], more, environment: new Dictionary<string, string?> { ["WORD"] = "why" });

        (ran.ExitCode, ran.Output, ran.Error).ShouldBe((3, "a\n\nb", "why"));
    }
}
