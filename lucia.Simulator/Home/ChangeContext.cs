using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Lucia.Simulator.Home;

/// <summary>Who or what caused a change; Home Assistant puts one on every state and event.</summary>
/// <param name="Id">A ULID: 26 characters of Crockford's base 32, the first ten of them the time.</param>
/// <param name="ParentId">The context that caused this one.</param>
/// <param name="UserId">The user that asked for it; absent when a device changed by itself.</param>
public sealed record ChangeContext(string Id, string? ParentId = null, string? UserId = null)
{
    private const string Crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    internal static ChangeContext Now(DateTimeOffset at, string? userId = null) => new(NewId(at), null, userId);

    internal JsonObject ToJson() => new() { ["id"] = Id, ["parent_id"] = ParentId, ["user_id"] = UserId };

    private static string NewId(DateTimeOffset at) => string.Create(26, at.ToUnixTimeMilliseconds(), static (text, milliseconds) =>
    {
        for (var i = 9; i >= 0; i--, milliseconds >>= 5)
            text[i] = Crockford[(int)(milliseconds & 31)];
        RandomNumberGenerator.GetItems(Crockford, text[10..]);
    });
}
