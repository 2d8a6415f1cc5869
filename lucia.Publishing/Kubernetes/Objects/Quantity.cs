using System.Globalization;

namespace Lucia.Publishing.Kubernetes.Objects;

/// <summary>Compares amounts in Kubernetes' notation.</summary>
internal static class Quantity
{
    private static readonly (string Suffix, decimal Factor)[] Suffixes =
    [
        ("Ki", 1024m), ("Mi", 1024m * 1024), ("Gi", 1024m * 1024 * 1024), ("Ti", 1024m * 1024 * 1024 * 1024),
        ("m", 0.001m), ("k", 1000m), ("M", 1000_000m), ("G", 1000_000_000m), ("T", 1000_000_000_000m), ("", 1m),
    ];

    /// <summary>The smaller of two amounts: the API server refuses a request above its limit.</summary>
    public static string? Smaller(string? request, string? limit)
    {
        if (request is null || limit is null)
            return request;
        return Value(request) <= Value(limit) ? request : limit;
    }

    /// <summary>The amount in cores or bytes.</summary>
    public static decimal Value(string amount)
    {
        var (suffix, factor) = Suffixes.First(s => amount.EndsWith(s.Suffix, StringComparison.Ordinal));
        return decimal.Parse(amount[..^suffix.Length], CultureInfo.InvariantCulture) * factor;
    }
}
