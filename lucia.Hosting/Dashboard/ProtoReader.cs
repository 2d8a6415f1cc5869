using System.Text;

namespace Aspire.Hosting.Dashboard;

/// <summary>Reads the text and the numbers of a Protocol Buffers message; fields of other kinds are skipped.</summary>
internal static class ProtoReader
{
    /// <summary>The fields by number; of a repeated one the last, as the format has it.</summary>
    /// <exception cref="InvalidDataException">The bytes are no message.</exception>
    internal static IReadOnlyDictionary<int, Field> Read(ReadOnlySpan<byte> message)
    {
        Dictionary<int, Field> fields = [];
        while (message.Length > 0)
        {
            var tag = Bits(ref message);
            var field = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0:
                    fields[field] = new(Bits(ref message), "");
                    break;
                case 1:
                    Take(ref message, 8);
                    break;
                case 2:
                    fields[field] = new(0, Encoding.UTF8.GetString(Take(ref message, Bits(ref message))));
                    break;
                case 5:
                    Take(ref message, 4);
                    break;
                default:
                    throw new InvalidDataException($"A field of the unknown wire type {tag & 7}.");
            }
        }

        return fields;
    }

    internal static string Text(this IReadOnlyDictionary<int, Field> fields, int field) => fields.TryGetValue(field, out var found) ? found.Text : "";

    internal static bool Flag(this IReadOnlyDictionary<int, Field> fields, int field) => fields.TryGetValue(field, out var found) && found.Number != 0;

    private static ulong Bits(ref ReadOnlySpan<byte> message)
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Take(ref message, 1)[0];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }

        throw new InvalidDataException("A number of more than ten bytes.");
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> message, ulong length)
    {
        if (length > (ulong)message.Length)
            throw new InvalidDataException("The message ends too early.");
        var taken = message[..(int)length];
        message = message[(int)length..];
        return taken;
    }

    /// <summary>A field's value; which of the two it is, the field's number says.</summary>
    internal readonly record struct Field(ulong Number, string Text);
}
