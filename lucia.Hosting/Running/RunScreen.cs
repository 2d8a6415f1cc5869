using System.Text;

namespace Aspire.Hosting.Running;

/// <summary>
/// A terminal with a table at its top and lines that move up below it. Every line ends up in the terminal's own scrollback, in order and once:
/// before a line leaves the screen it is written where the table begins, and the screen is moved up by it. No mode of the terminal is changed, so
/// nothing is to be put right when the program ends, however it does.
/// </summary>
/// <param name="size">The terminal's columns and rows.</param>
/// <param name="write">Writes to the terminal.</param>
/// <param name="table">The table's lines for a width.</param>
internal sealed class RunScreen(Func<(int Columns, int Rows)> size, Action<string> write, Func<int, IReadOnlyList<string>> table)
{
    /// <summary>A terminal that understands it shows a frame at once; others pass over it.</summary>
    private const string BeginFrame = "\e[?2026h", EndFrame = "\e[?2026l", Home = "\e[H", ClearLine = "\e[2K", ClearRest = "\e[K", ClearBelow = "\e[J";

    private const int FewestLines = 4;

    private readonly List<Piece> _shown = [];

    /// <summary>
    /// Lets what the terminal shows move up into its scrollback. The first of these line ends lead from the cursor to the last row and move nothing,
    /// so that no empty row goes along.
    /// </summary>
    internal void Open()
    {
        var (_, rows) = size();
        write(new string('\n', rows - 1));
    }

    /// <summary>Shows further lines, and the table as it is now.</summary>
    /// <param name="lines">Lines with their colours; where one is longer than the terminal is wide, the terminal breaks it and knows that it is one.</param>
    internal void Paint(IEnumerable<string> lines)
    {
        var (columns, rows) = size();
        var head = table(columns);
        // On a very low terminal the lines matter more.
        if (rows - head.Count < FewestLines)
            head = [.. head.Take(Math.Max(0, rows - FewestLines))];
        _shown.AddRange(lines.SelectMany(line => Broken(line, columns)));
        var frame = new StringBuilder(BeginFrame);
        var leaving = Whole(Math.Max(0, _shown.Count - (rows - head.Count)));
        for (var from = 0; from < leaving;)
        {
            var count = Math.Min(rows, leaving - from);
            while (count > 1 && from + count < leaving && _shown[from + count].IsFurther)
                count--;
            frame.Append(Home);
            Append(frame, _shown.GetRange(from, count));
            frame.Append(CultureInfo.InvariantCulture, $"\e[{rows};1H").Append('\n', count);
            from += count;
        }

        _shown.RemoveRange(0, leaving);
        frame.Append(Home).AppendJoin("\r\n", head.Select(line => ClearLine + line));
        if (head.Count > 0 && _shown.Count > 0)
            frame.Append("\r\n");
        Append(frame, _shown);
        if (head.Count + _shown.Count < rows)
            frame.Append(head.Count + _shown.Count > 0 ? "\r\n" : "").Append(ClearBelow);
        write(frame.Append(EndFrame).ToString());
    }

    /// <summary>Takes the table away and leaves the lines.</summary>
    internal void Close()
    {
        var last = new StringBuilder(Home);
        Append(last, _shown);
        write((_shown.Count > 0 ? last.Append("\r\n") : last).Append(ClearBelow).ToString());
        _shown.Clear();
    }

    /// <summary>So many pieces at least, and no line torn apart by the table, unless nothing would be left to show.</summary>
    private int Whole(int leaving)
    {
        var whole = leaving;
        while (whole > 0 && whole < _shown.Count && _shown[whole].IsFurther)
            whole++;
        return whole < _shown.Count ? whole : leaving;
    }

    /// <summary>Writes pieces below each other: a further piece follows without an end of line, by which the terminal knows that it belongs to the former.</summary>
    private static void Append(StringBuilder frame, IReadOnlyList<Piece> pieces)
    {
        for (var at = 0; at < pieces.Count; at++)
        {
            var piece = pieces[at];
            if (piece.IsFurther && at > 0)
                frame.Append(piece.Text);
            else
                frame.Append(at > 0 ? "\r\n" : "").Append(ClearLine).Append(piece.Text);
            // Whatever a further piece stands on; at the end of a full row this would take the last character along.
            if (!piece.IsFull)
                frame.Append(ClearRest);
        }
    }

    /// <summary>A line in pieces that fit. Colours take no room and go on in the next piece.</summary>
    internal static IEnumerable<Piece> Broken(string line, int columns)
    {
        var piece = new StringBuilder();
        var (used, colour, isFurther) = (0, "", false);
        for (var at = 0; at < line.Length;)
        {
            if (line[at] == '\e' && line.IndexOf('m', at) is var end and > 0)
            {
                colour = line[at..(end + 1)];
                piece.Append(colour);
                at = end + 1;
                continue;
            }

            var rune = Rune.GetRuneAt(line, at);
            var width = WidthOf(rune);
            if (used + width > columns)
            {
                yield return new(piece.Append("\e[0m").ToString(), isFurther, used == columns);
                piece.Clear().Append(colour);
                (used, isFurther) = (0, true);
            }

            piece.Append(line, at, rune.Utf16SequenceLength);
            used += width;
            at += rune.Utf16SequenceLength;
        }

        yield return new(piece.ToString(), isFurther, used == columns);
    }

    /// <summary>What is safe to show of a line that a program wrote: its text, without escape sequences and control characters.</summary>
    internal static string Plain(string line)
    {
        if (!line.Any(char.IsControl))
            return line;
        var plain = new StringBuilder();
        for (var at = 0; at < line.Length; at++)
        {
            if (line[at] == '\e')
            {
                // CSI sequences end with a letter or one of @ [ \ ] ^ _ ` { | } ~, others after one character.
                at++;
                if (at < line.Length && line[at] == '[')
                {
                    for (at++; at < line.Length && line[at] is < '@' or > '~';)
                        at++;
                }
            }
            else if (line[at] == '\t')
            {
                plain.Append("    ");
            }
            else if (!char.IsControl(line[at]))
            {
                plain.Append(line[at]);
            }
        }

        return plain.ToString();
    }

    /// <summary>East Asian and emoji characters take two columns, combining ones none.</summary>
    private static int WidthOf(Rune rune) => rune.Value switch
    {
        < 0x300 => 1,
        (>= 0x1100 and <= 0x115F) or (>= 0x2E80 and <= 0xA4CF) or (>= 0xAC00 and <= 0xD7A3) or (>= 0xF900 and <= 0xFAFF)
            or (>= 0xFE30 and <= 0xFE6F) or (>= 0xFF00 and <= 0xFF60) or (>= 0x1F300 and <= 0x1FAFF) or (>= 0x20000 and <= 0x3FFFD) => 2,
        _ => Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format ? 0 : 1
    };

    /// <summary>What of a line stands in one row.</summary>
    /// <param name="Text">The text with its colours.</param>
    /// <param name="IsFurther">Whether it goes on with a line that began in the row above.</param>
    /// <param name="IsFull">Whether it reaches the end of the row.</param>
    internal readonly record struct Piece(string Text, bool IsFurther, bool IsFull);
}
