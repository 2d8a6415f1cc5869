using System.Buffers.Binary;
using System.Numerics;

namespace Aspire.Hosting.Building;

/// <summary>
/// xxHash32 with seed 0, as specified at https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md. The manifest names expressions by it; it
/// tells projects apart too, for which no cryptography need be loaded.
/// </summary>
internal static class XxHash32
{
    internal static uint Of(ReadOnlySpan<byte> data)
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
