using System.Security.Cryptography;
using System.Text;
using Lucia.Settings;
using Microsoft.AspNetCore.Http;

namespace Lucia.ServiceDefaults;

/// <summary>Who may use the service.</summary>
public sealed class ApiAccess(LuciaSettings settings)
{
    private readonly byte[]? _keyHash = settings.ApiKey is { } key ? SHA256.HashData(Encoding.UTF8.GetBytes(key)) : null;

    /// <summary>Whether callers must present a key.</summary>
    public bool NeedsKey => _keyHash is not null;

    /// <summary>Whether a request presents the key, as <c>Authorization: Bearer</c> or <c>X-Api-Key</c>, or none is needed.</summary>
    public bool Allows(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _keyHash is null || (Presented(request) is { } key && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(key)), _keyHash));
    }

    /// <summary>Whether a request presents something as the key, right or wrong.</summary>
    internal static bool PresentsKey(HttpRequest request) => Presented(request) is { Length: > 0 };

    private static string? Presented(HttpRequest request)
    {
        const string Scheme = "Bearer ";
        var authorization = request.Headers.Authorization.ToString();
        if (authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return authorization[Scheme.Length..].Trim();

        return request.Headers["X-Api-Key"].ToString() is { Length: > 0 } key ? key : null;
    }
}
