using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Aspire.Hosting.Dashboard;

/// <summary>
/// Writes the wire format of Protocol Buffers (https://protobuf.dev/programming-guides/encoding), of which the dashboard's messages need little.
/// Fields are to be written in the order of their numbers. A field that proto3 gives no presence is left out when it has its default; one that
/// is declared <c>optional</c>, or stands in a <c>oneof</c>, is written whenever there is a value.
/// </summary>
internal sealed class ProtoWriter
{
    private const int Varint = 0, Fixed64 = 1, Delimited = 2;

    private readonly ArrayBufferWriter<byte> _buffer = new();

    internal ReadOnlyMemory<byte> Written => _buffer.WrittenMemory;

    internal static ReadOnlyMemory<byte> Message(Action<ProtoWriter> write)
    {
        var message = new ProtoWriter();
        write(message);
        return message.Written;
    }

    internal ProtoWriter Text(int field, string? value) => string.IsNullOrEmpty(value) ? this : OptionalText(field, value);

    internal ProtoWriter OptionalText(int field, string? value)
    {
        if (value is null)
            return this;
        Tag(field, Delimited);
        var length = Encoding.UTF8.GetByteCount(value);
        Bits((ulong)length);
        Encoding.UTF8.GetBytes(value, _buffer.GetSpan(length));
        _buffer.Advance(length);
        return this;
    }

    internal ProtoWriter Flag(int field, bool value) => value ? OptionalFlag(field, true) : this;

    internal ProtoWriter OptionalFlag(int field, bool value)
    {
        Tag(field, Varint);
        Bits(value ? 1UL : 0);
        return this;
    }

    internal ProtoWriter Number(int field, long value) => value == 0 ? this : OptionalNumber(field, value);

    internal ProtoWriter OptionalNumber(int field, long value)
    {
        Tag(field, Varint);
        Bits((ulong)value);
        return this;
    }

    internal ProtoWriter OptionalDouble(int field, double value)
    {
        Tag(field, Fixed64);
        BinaryPrimitives.WriteDoubleLittleEndian(_buffer.GetSpan(sizeof(double)), value);
        _buffer.Advance(sizeof(double));
        return this;
    }

    /// <summary>A message inside this one; it is there even when nothing is in it.</summary>
    internal ProtoWriter Message(int field, Action<ProtoWriter> write)
    {
        var inner = Message(write);
        Tag(field, Delimited);
        Bits((ulong)inner.Length);
        _buffer.Write(inner.Span);
        return this;
    }

    /// <summary>A repeated message.</summary>
    internal ProtoWriter Messages<T>(int field, IEnumerable<T> items, Action<ProtoWriter, T> write)
    {
        foreach (var item in items)
            Message(field, inner => write(inner, item));
        return this;
    }

    /// <summary>A <c>google.protobuf.Timestamp</c>, when there is a time.</summary>
    internal ProtoWriter Time(int field, DateTime? time)
    {
        if (time is not { } at)
            return this;
        var ticks = (at.ToUniversalTime() - DateTime.UnixEpoch).Ticks;
        return Message(field, inner => inner
            .Number(1, ticks / TimeSpan.TicksPerSecond)
            .Number(2, ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick));
    }

    private void Tag(int field, int type) => Bits(((ulong)field << 3) | (uint)type);

    /// <summary>Seven bits a byte, the lowest first; the eighth says that more follow.</summary>
    private void Bits(ulong value)
    {
        var bytes = _buffer.GetSpan(10);
        var length = 0;
        for (; value >= 0x80; value >>= 7)
            bytes[length++] = (byte)(value | 0x80);
        bytes[length++] = (byte)value;
        _buffer.Advance(length);
    }
}
