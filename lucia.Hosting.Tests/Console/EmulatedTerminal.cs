using System.Globalization;
using System.Text.RegularExpressions;

namespace Aspire.Hosting.Tests.Console;

/// <summary>A terminal of the kind everyone has, as far as the run's screen uses one: cursor, erasing, scrolling into the scrollback, links.</summary>
internal sealed partial class EmulatedTerminal(int columns, int rows)
{
    private readonly char[][] _screen = [.. Enumerable.Range(0, rows).Select(_ => Blank(columns))];
    private int _column;
    private int _row;

    internal List<string> Scrollback { get; } = [];

    internal IReadOnlyList<string> Screen => [.. _screen.Select(line => new string(line).TrimEnd())];

    /// <summary>Sequences that change how the terminal works; whoever uses them has to undo them.</summary>
    internal List<string> Modes { get; } = [];

    internal void Write(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            if (text[at] == '\e')
            {
                var sequence = Sequence().Match(text, at);
                (sequence.Success && sequence.Index == at).ShouldBeTrue($"an unknown sequence: {text[at..Math.Min(text.Length, at + 10)]}");
                Obey(sequence);
                at += sequence.Length;
                continue;
            }

            Put(text[at++]);
        }
    }

    private static char[] Blank(int columns) => [.. Enumerable.Repeat(' ', columns)];

    private void Obey(Match sequence)
    {
        var numbers = sequence.Groups["numbers"].Value.Split(';').Select(number => number.Length == 0 ? 1 : int.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        switch (sequence.Groups["command"].Value)
        {
            case "H":
                (_row, _column) = (Math.Min(rows, numbers[0]) - 1, 0);
                break;
            case "K":
                _screen[_row] = Blank(columns);
                break;
            case "J":
                Array.Fill(_screen[_row], ' ', Math.Min(_column, columns), columns - Math.Min(_column, columns));
                for (var below = _row + 1; below < rows; below++)
                    _screen[below] = Blank(columns);
                break;
            case "h" or "l":
                Modes.Add(sequence.Value);
                break;
        }
    }

    private void Put(char character)
    {
        if (character == '\r')
        {
            _column = 0;
        }
        else if (character == '\n')
        {
            Down();
        }
        else
        {
            if (_column == columns)
            {
                _column = 0;
                Down();
            }

            _screen[_row][_column++] = character;
        }
    }

    private void Down()
    {
        if (_row < rows - 1)
        {
            _row++;
            return;
        }

        Scrollback.Add(new string(_screen[0]).TrimEnd());
        Array.Copy(_screen, 1, _screen, 0, rows - 1);
        _screen[^1] = Blank(columns);
    }

    [GeneratedRegex(@"\e\[\??(?<numbers>[\d;]*)(?<command>[A-Za-z])|\e\]8;.*?\e\\")]
    private static partial Regex Sequence();
}
