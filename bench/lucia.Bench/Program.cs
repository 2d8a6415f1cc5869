using System.Globalization;
using Lucia.Bench;

if (args is not ["publishing", .. var rest])
{
    Console.Error.WriteLine("Usage: lucia.Bench publishing [--rounds N]");
    return 2;
}
var rounds = 15;
if (rest is ["--rounds", var text])
{
    if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out rounds) || rounds < 1)
    {
        Console.Error.WriteLine($"--rounds takes a number above zero, not \"{text}\".");
        return 2;
    }
}
else if (rest.Length > 0)
{
    Console.Error.WriteLine($"publishing does not know \"{rest[0]}\".");
    return 2;
}
return PublishingBench.Run(rounds, Console.Out);
