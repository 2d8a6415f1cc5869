using System.Globalization;

namespace Lucia.Publishing.Systemd;

/// <summary>Amounts in Kubernetes' notation as systemd and Podman have them.</summary>
internal static class HostAmounts
{
    /// <summary><c>512Mi</c> to <c>512M</c> (systemd's and Podman's units are powers of 1024); decimal units to bytes.</summary>
    public static string? Memory(string? amount)
    {
        if (amount is null)
            return null;
        if (amount.EndsWith('i'))
            return amount[..^1].Contains('.') ? Bytes(amount[..^2], Power(amount[^2], 1024)) : amount[..^1];
        return char.IsAsciiDigit(amount[^1]) ? Bytes(amount, 1) : Bytes(amount[..^1], Power(amount[^1], 1000));
    }

    /// <summary><c>500m</c> to <c>50%</c> of one processor.</summary>
    public static string? Cpu(string? amount) =>
        amount is null ? null : $"{Math.Max(1, (int)Math.Round(Processors(amount) * 100)).ToString(CultureInfo.InvariantCulture)}%";

    /// <summary><c>500m</c> to <c>0.5</c>.</summary>
    public static string? CpuNumber(string? amount) => amount is null ? null : Processors(amount).ToString(CultureInfo.InvariantCulture);

    private static decimal Processors(string amount) => amount.EndsWith('m')
        ? decimal.Parse(amount.AsSpan(0, amount.Length - 1), CultureInfo.InvariantCulture) / 1000
        : decimal.Parse(amount, CultureInfo.InvariantCulture);

    private static string Bytes(string number, decimal unit) =>
        decimal.Truncate(decimal.Parse(number, CultureInfo.InvariantCulture) * unit).ToString(CultureInfo.InvariantCulture);

    private static decimal Power(char unit, decimal step)
    {
        var power = "KMGTPE".IndexOf(char.ToUpperInvariant(unit)) + 1;
        var amount = 1m;
        for (var i = 0; i < power; i++)
            amount *= step;
        return amount;
    }
}
