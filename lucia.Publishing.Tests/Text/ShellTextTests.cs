using System.Text;
using Lucia.Publishing.Text;

namespace Lucia.Publishing.Tests.Text;

public sealed class ShellTextTests
{
    private const string Alphabet = "ab01 '\"\\$`!*?[]{}()<>|&;#~=%\n\t-";

    private static IReadOnlyList<string> Texts { get; } = [.. RandomTexts.All(Alphabet, 4000)];

    [Theory]
    [InlineData("bash")]
    [InlineData("dash")]
    public async Task Any_text_reaches_a_program_as_it_is(string shell)
    {
        var script = new StringBuilder();
        foreach (var text in Texts)
            script.Append("printf '%s\\0' ").Append(ShellText.Quote(text)).Append('\n');

        var output = await Tool.RunAsync(shell, ["-s"], Encoding.UTF8.GetBytes(script.ToString()), TestContext.Current.CancellationToken);

        Tool.Split(output).ShouldBe(Texts);
    }

    [Fact]
    public async Task A_systemd_environment_file_means_the_same_to_a_shell()
    {
        // A shell needs words apart; systemd reads them likewise inside its double quotes.
        var script = new StringBuilder();
        foreach (var text in Texts)
            script.Append("X=").Append(SystemdText.EnvironmentFileValue(text)).Append("\nprintf '%s\\0' \"$X\"\n");

        var output = await Tool.RunAsync("bash", ["-s"], Encoding.UTF8.GetBytes(script.ToString()), TestContext.Current.CancellationToken);

        Tool.Split(output).ShouldBe(Texts);
    }

    [Fact]
    public async Task A_compose_environment_file_without_backslashes_means_the_same_to_a_shell()
    {
        var texts = Texts.Where(static t => t.AsSpan().IndexOfAny("'\\\n\r") < 0).ToList();
        var script = new StringBuilder();
        foreach (var text in texts)
            script.Append("X=").Append(EnvFileText.Value(text)).Append("\nprintf '%s\\0' \"$X\"\n");

        var output = await Tool.RunAsync("bash", ["-s"], Encoding.UTF8.GetBytes(script.ToString()), TestContext.Current.CancellationToken);

        texts.Count.ShouldBeGreaterThan(1000);
        Tool.Split(output).ShouldBe(texts);
    }
}
