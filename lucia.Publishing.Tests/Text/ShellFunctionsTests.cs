using System.Text;
using Lucia.Publishing.Manifest;
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
}
