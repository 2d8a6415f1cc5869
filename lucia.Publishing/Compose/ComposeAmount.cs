using System.Globalization;

namespace Lucia.Publishing.Compose;

/// <summary>Writes Kubernetes' amounts as compose wants them.</summary>
internal static class ComposeAmount
{
    /// <summary>Cores: <c>500m</c> to <c>0.5</c>.</summary>
    public static string Cpu(string amount) => amount.EndsWith('m')
        ? (decimal.Parse(amount[..^1], CultureInfo.InvariantCulture) / 1000).ToString("0.###", CultureInfo.InvariantCulture)
        : amount;

    /// <summary>
    /// Memory: <c>1Gi</c> to <c>1g</c>. Compose counts in powers of two whatever the unit's spelling, so decimal amounts become bytes.
    /// </summary>
    /// <seealso href="https://github.com/compose-spec/compose-spec/blob/main/11-extension.md#specifying-byte-values"/>
    public static string Memory(string amount)
    {
        if (amount.EndsWith('i'))
            return amount[..^1].ToLowerInvariant();
        var factor = "kMGT".IndexOf(amount[^1], StringComparison.Ordinal) is >= 0 and var power ? (decimal)Math.Pow(1000, power + 1) : 1;
        var number = factor == 1 ? amount : amount[..^1];
        return (decimal.Parse(number, CultureInfo.InvariantCulture) * factor).ToString("0", CultureInfo.InvariantCulture) + "b";
    }
}
