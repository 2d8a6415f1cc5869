using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Aspire.Hosting.Publishing;

/// <summary>
/// Names a conditional expression as Aspire's manifest does: <c>cond-</c>, the condition's placeholder in lower case with hyphens, and the
/// xxHash32 (seed 0, big-endian hexadecimal) of condition, both branches and the compared text.
/// </summary>
internal static class ConditionalName
{
    internal static string Of(IManifestExpressionProvider condition, string match, ReferenceExpression whenTrue, ReferenceExpression whenFalse)
    {
        var hash = XxHash32(Encoding.UTF8.GetBytes(condition.ValueExpression + whenTrue.ValueExpression + whenFalse.ValueExpression + match));
        var words = condition.ValueExpression.ToLowerInvariant().Split(['{', '}', '.', '-', ' '], StringSplitOptions.RemoveEmptyEntries);
        return $"cond-{string.Join('-', words)}-{hash:x8}";
    }

    /// <summary>xxHash32 as specified at https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md.</summary>
    private static uint XxHash32(ReadOnlySpan<byte> data)
    {
        const uint P1 = 2654435761, P2 = 2246822519, P3 = 3266489917, P4 = 668265263, P5 = 374761393;
        var length = (uint)data.Length;
        uint hash;
        if (data.Length >= 16)
        {
            uint a = unchecked(P1 + P2), b = P2, c = 0, d = unchecked(0u - P1);
            for (; data.Length >= 16; data = data[16..])
            {
                a = Round(a, data);
                b = Round(b, data[4..]);
                c = Round(c, data[8..]);
                d = Round(d, data[12..]);
            }

            hash = BitOperations.RotateLeft(a, 1) + BitOperations.RotateLeft(b, 7) + BitOperations.RotateLeft(c, 12) + BitOperations.RotateLeft(d, 18);
        }
        else
        {
            hash = P5;
        }

        hash += length;
        for (; data.Length >= 4; data = data[4..])
            hash = BitOperations.RotateLeft(hash + (BinaryPrimitives.ReadUInt32LittleEndian(data) * P3), 17) * P4;
        foreach (var value in data)
            hash = BitOperations.RotateLeft(hash + (value * P5), 11) * P1;
        hash = (hash ^ (hash >> 15)) * P2;
        hash = (hash ^ (hash >> 13)) * P3;
        return hash ^ (hash >> 16);

        static uint Round(uint lane, ReadOnlySpan<byte> at) =>
            BitOperations.RotateLeft(lane + (BinaryPrimitives.ReadUInt32LittleEndian(at) * P2), 13) * P1;
    }
}
