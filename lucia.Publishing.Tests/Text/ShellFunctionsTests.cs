using System.Text;
using System.Text.RegularExpressions;
using Lucia.Publishing.Compose;
using Lucia.Publishing.Kubernetes;
using Lucia.Publishing.Manifest;
using Lucia.Publishing.Targets;
using Lucia.Publishing.Tests.Kubernetes;
using Lucia.Publishing.Text;

namespace Lucia.Publishing.Tests.Text;

public sealed class ShellFunctionsTests
{
    public static TheoryData<GenerateRecipe> Recipes() =>
    [
        new GenerateRecipe(22, Special: false),
        new GenerateRecipe(1, Lower: false, Upper: false, Special: false),
        new GenerateRecipe(12, MinLower: 2, MinUpper: 2, MinNumeric: 2, MinSpecial: 2),
        new GenerateRecipe(1024, Lower: false, Upper: false, Special: false),
        new GenerateRecipe(8, Upper: false, Numeric: false, MinNumeric: 1, Special: false),
    ];

    [Theory, MemberData(nameof(Recipes))]
    public async Task A_generated_value_follows_its_recipe(GenerateRecipe recipe)
    {
        var script = $"set -eu\n{ShellFunctions.GenerateSecret}\nfor i in 1 2 3; do {ShellFunctions.Generate(recipe)}; printf '\\0'; done\n";

        var values = Tool.Split(await Tool.RunAsync("dash", ["-c", script], [], TestContext.Current.CancellationToken));

        values.Length.ShouldBe(3);
        values.ShouldAllBe(v => v.Length == recipe.MinLength && v.All(c => recipe.Alphabet.Contains(c)));
        values.ShouldAllBe(v => v.Count(char.IsAsciiLetterUpper) >= recipe.MinUpper && v.Count(c => "-_.~".Contains(c)) >= recipe.MinSpecial);
    }

    [Fact]
    public async Task Any_value_is_percent_encoded_as_dotnet_does()
    {
        var texts = RandomTexts.All("ab01 '\"\\$`!*/?#%&=+~_.-\n€", 200).Where(static t => !t.Contains('\0')).ToList();
        var script = new StringBuilder("set -eu\n").Append(ShellFunctions.UriEncode);
        foreach (var text in texts)
            script.Append("uri_encode ").Append(ShellText.Quote(text)).Append("; printf '\\0'\n");

        var output = await Tool.RunAsync("dash", ["-s"], Encoding.UTF8.GetBytes(script.ToString()), TestContext.Current.CancellationToken);

        Tool.Split(output).ShouldBe(texts.Select(Uri.EscapeDataString));
    }

    [Fact]
    public void A_script_gets_the_functions_that_it_names_itself_or_through_others()
    {
        const string functions = """
            # Says it.
            # Loudly.
            say() {
              printf '%s\n' "$(louder "$1")"
            }
            louder() {
              tr a-z A-Z <<EOF
            $1
            EOF
            }

            # say never calls this.
            whisper() {
              say "$1"
            }

            """;

        ShellFunctions.Used(functions, "say hello\n").ShouldBe("# Says it.\n# Loudly.\nsay() {\n  printf '%s\\n' \"$(louder \"$1\")\"\n}\n\nlouder() {\n  tr a-z A-Z <<EOF\n$1\nEOF\n}\n\n");
        ShellFunctions.Used(functions, "x | louder\n").ShouldStartWith("louder() {");
        ShellFunctions.Used(functions, "saying, un-say, say-so\n").ShouldBe("");
        ShellFunctions.Used(functions, "whisper it").ShouldBe(ShellFunctions.Used(functions, "whisper say louder"));
    }

    [Theory]
    [InlineData(Samples.Everything)]
    [InlineData(HouseSample.Json)]
    public void No_set_up_script_has_a_function_that_nobody_calls(string manifest)
    {
        var scripts = new PublishTarget[] { new ComposeTarget(), new KubernetesTarget() }
            .SelectMany(target => Published.InMemory(manifest, target).Files)
            .Where(static f => f.Path.EndsWith(".sh", StringComparison.Ordinal) && f.Text.Contains("() {\n"))
            .ToList();

        scripts.Select(static f => f.Path).ShouldContain("setup.sh", "both targets have one");
        foreach (var script in scripts)
        {
            var names = Regex.Matches(script.Text, @"^(\w+)\(\) \{$", RegexOptions.Multiline).Select(static m => m.Groups[1].Value).ToList();
            names.Distinct().Count().ShouldBe(names.Count, script.Path);
            names.Where(name => Regex.Count(script.Text, $@"(?<![\w-]){name}(?![\w-])") < 2).ShouldBeEmpty(script.Path);
        }
    }
}
