using System.Buffers.Binary;
using System.Text;

namespace Lucia.Simulator.Model;

/// <summary>
/// Vectors without a model: words and groups of three letters, hashed into a fixed number of dimensions and brought to length one.
/// Names that share words or parts of words are near each other; the same text always gives the same vector.
/// </summary>
internal static class TextEmbedding
{
    public const int DefaultDimensions = 256;
    public const int MaxInputs = 2048;
    private const int LongestText = 8000;
    private const double WordWeight = 1.0;
    private const double GramWeight = 0.35;

    public static float[] Of(string text, int dimensions)
    {
        var vector = new double[dimensions];
        foreach (var word in Vocabulary.Tokens(text.Length > LongestText ? text[..LongestText] : text))
        {
            var stem = Vocabulary.Stem(word);
            Add(vector, "w:" + stem, WordWeight);
            var padded = $"^{stem}$";
            for (var i = 0; i + 3 <= padded.Length; i++)
                Add(vector, "g:" + padded.Substring(i, 3), GramWeight);
        }

        var length = Math.Sqrt(vector.Sum(value => value * value));
        if (length == 0)
        {
            vector[0] = 1;
            length = 1;
        }

        return [.. vector.Select(value => (float)(value / length))];
    }

    /// <summary>Little-endian floats, as the API encodes them in base64.</summary>
    public static byte[] Bytes(float[] vector)
    {
        var bytes = new byte[vector.Length * sizeof(float)];
        for (var i = 0; i < vector.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), vector[i]);
        return bytes;
    }

    private static void Add(double[] vector, string feature, double weight)
    {
        var hash = Hash(feature);
        vector[(int)((hash >> 1) % (ulong)vector.Length)] += (hash & 1) == 0 ? weight : -weight;
    }

    /// <summary>FNV-1a, mixed once more: string.GetHashCode differs from process to process.</summary>
    private static ulong Hash(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var each in Encoding.UTF8.GetBytes(text))
            hash = (hash ^ each) * 1099511628211UL;
        hash ^= hash >> 32;
        hash *= 0x9E3779B97F4A7C15UL;
        return hash ^ (hash >> 29);
    }
}
