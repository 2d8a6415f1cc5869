using System.Security.Cryptography;
using System.Text;

namespace Lucia.Simulator;

/// <summary>The one secret: Home Assistant's long-lived token and the model's key at once.</summary>
internal sealed class AccessToken(string token)
{
    private readonly byte[] _hash = SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>Compares in a time that tells nothing of the token, its length included.</summary>
    public bool Matches(string? presented) =>
        presented is not null && CryptographicOperations.FixedTimeEquals(_hash, SHA256.HashData(Encoding.UTF8.GetBytes(presented)));

    public bool Admits(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) && Matches(header["Bearer ".Length..].Trim());
    }
}
