using System.Security.Cryptography;
using Aspire.Hosting.Publishing;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Where a parameter's value comes from when none was given.</summary>
public abstract class ParameterDefault
{
    /// <summary>Writes the default to the manifest, inside the input's <c>default</c> object.</summary>
    public abstract void WriteToManifest(ManifestPublishingContext context);

    /// <summary>The value.</summary>
    public abstract string GetDefaultValue();
}

/// <summary>A generated password.</summary>
public sealed class GenerateParameterDefault : ParameterDefault
{
    private const string LowerCase = "abcdefghjkmnpqrstuvwxyz";
    private const string UpperCase = "ABCDEFGHJKMNPQRSTUVWXYZ";
    private const string Digits = "0123456789";
    private const string Specials = "-_.{}~()*+!";

    /// <summary>The least length; 22 characters of the 56 without specials carry 127 bits.</summary>
    public int MinLength { get; set; } = 22;

    /// <summary>Whether lower-case letters are used.</summary>
    public bool Lower { get; set; } = true;

    /// <summary>Whether upper-case letters are used.</summary>
    public bool Upper { get; set; } = true;

    /// <summary>Whether digits are used.</summary>
    public bool Numeric { get; set; } = true;

    /// <summary>Whether special characters are used.</summary>
    public bool Special { get; set; } = true;

    /// <summary>The least number of lower-case letters.</summary>
    public int MinLower { get; set; }

    /// <summary>The least number of upper-case letters.</summary>
    public int MinUpper { get; set; }

    /// <summary>The least number of digits.</summary>
    public int MinNumeric { get; set; }

    /// <summary>The least number of special characters.</summary>
    public int MinSpecial { get; set; }

    /// <inheritdoc/>
    public override string GetDefaultValue()
    {
        (bool Used, string Letters, int Least)[] classes =
            [(Lower, LowerCase, MinLower), (Upper, UpperCase, MinUpper), (Numeric, Digits, MinNumeric), (Special, Specials, MinSpecial)];
        var alphabet = string.Concat(classes.Where(c => c.Used).Select(c => c.Letters));
        if (alphabet.Length == 0)
            throw new DistributedApplicationException("A generated parameter must allow at least one kind of character.");

        List<char> password = [];
        foreach (var (_, letters, least) in classes.Where(c => c.Used))
            password.AddRange(RandomNumberGenerator.GetItems<char>(letters, least));
        password.AddRange(RandomNumberGenerator.GetItems<char>(alphabet, Math.Max(0, MinLength - password.Count)));
        var shuffled = password.ToArray();
        RandomNumberGenerator.Shuffle<char>(shuffled);
        return new string(shuffled);
    }

    /// <inheritdoc/>
    public override void WriteToManifest(ManifestPublishingContext context)
    {
        var writer = context.Writer;
        writer.WriteStartObject("generate");
        writer.WriteNumber("minLength", MinLength);
        foreach (var (name, used) in new[] { ("lower", Lower), ("upper", Upper), ("numeric", Numeric), ("special", Special) }.Where(c => !c.Item2))
            writer.WriteBoolean(name, used);
        foreach (var (name, least) in new[] { ("minLower", MinLower), ("minUpper", MinUpper), ("minNumeric", MinNumeric), ("minSpecial", MinSpecial) }.Where(c => c.Item2 != 0))
            writer.WriteNumber(name, least);
        writer.WriteEndObject();
    }
}

/// <summary>A value that AppHost code gives and that is published too.</summary>
internal sealed class ConstantParameterDefault(Func<string> value) : ParameterDefault
{
    public override string GetDefaultValue() => value();

    public override void WriteToManifest(ManifestPublishingContext context) => context.Writer.WriteString("value", value());
}

/// <summary>A generated value that is kept from one run to the next.</summary>
internal sealed class KeptParameterDefault(string name, ParameterDefault generated, Func<string, Func<string>, string> keep) : ParameterDefault
{
    public override string GetDefaultValue() => keep(name, generated.GetDefaultValue);

    public override void WriteToManifest(ManifestPublishingContext context) => generated.WriteToManifest(context);
}
