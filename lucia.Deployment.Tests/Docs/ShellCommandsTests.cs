namespace Lucia.Deployment.Tests.Docs;

/// <summary>How the guides' commands are taken apart.</summary>
public sealed class ShellCommandsTests
{
    [Theory]
    [InlineData("a --b c", "a --b c")]
    [InlineData("A=1 B='x y' sudo ./install.sh set chat-model <file", "./install.sh set chat-model")]
    [InlineData("one | two && three || four; five &", "one|two|three|four|five")]
    [InlineData("echo 'a | b' \"c; d\"   # e", "echo a | b c; d")]
    [InlineData("curl -H \"$(key x)\" y", "key x|curl -H $(key x) y")]
    [InlineData("for f in a b; do run $f; done", "run $f")]
    [InlineData("long \\\n  --option", "long --option")]
    [InlineData("cat >file <<'END'\nnot a command\nEND\nlast", "cat|last")]
    [InlineData("(cd x && make it) 2>&1 >/dev/null", "cd x|make it")]
    public void A_script_has_simple_commands(string script, string commands) =>
        string.Join('|', ShellCommands.Of(script)).ShouldBe(commands);

    [Fact]
    public void Options_end_at_two_hyphens_and_lose_their_values() =>
        ShellCommands.Of("helm install --set=a.b=c -n lucia -- --not-mine").ShouldHaveSingleItem().Options.ShouldBe(["--set", "-n"]);
}
