using System.Globalization;
using System.Text.RegularExpressions;

namespace Aspire.Hosting.Tests.Console;

/// <summary>A terminal of the kind everyone has, as far as the run's screen uses one: cursor, erasing, scrolling into the scrollback, links.</summary>
internal sealed partial class EmulatedTerminal(int columns, int rows)
{
    private readonly char[][] _screen = [.. Enumerable.Range(0, rows).Select(_ => Blank(columns))];
    private readonly bool[] _goesOn = new bool[rows];
    private readonly List<bool> _scrolledGoesOn = [];
    private int _column;
    private int _row;

    internal List<string> Scrollback { get; } = [];

    internal IReadOnlyList<string> Screen => [.. _screen.Select(line => new string(line).TrimEnd())];

    /// <summary>Everything, scrollback first, as a person would copy it: what the terminal broke is one line.</summary>
    internal IReadOnlyList<string> Copied
    {
        get
        {
            List<string> lines = [];
            var goesOn = false;
            foreach (var (text, next) in Scrollback.Zip(_scrolledGoesOn).Concat(Screen.Zip(_goesOn)))
            {
                if (goesOn)
                    lines[^1] += text;
                else
                    lines.Add(text);
                goesOn = next;
            }

            return lines;
        }
    }

    /// <summary>Sequences that change how the terminal works; whoever uses them has to undo them.</summary>
    internal List<string> Modes { get; } = [];

    /// <summary>Whether a text begins with a sequence that is there to its end.</summary>
    internal static bool IsWhole(string text) => Sequence().Match(text) is { Success: true, Index: 0 };

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
            case "K" when sequence.Groups["numbers"].Value == "2":
                _screen[_row] = Blank(columns);
                _goesOn[_row] = false;
                break;
            case "K":
                // Past the last column there is none: the cursor is on it.
                Array.Fill(_screen[_row], ' ', Math.Min(_column, columns - 1), columns - Math.Min(_column, columns - 1));
                _goesOn[_row] = false;
                break;
            case "J":
                Array.Fill(_screen[_row], ' ', Math.Min(_column, columns - 1), columns - Math.Min(_column, columns - 1));
                for (var below = _row; below < rows; below++)
                {
                    _screen[below] = below == _row ? _screen[below] : Blank(columns);
                    _goesOn[below] = false;
                }

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
                _goesOn[_row] = true;
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
        _scrolledGoesOn.Add(_goesOn[0]);
        Array.Copy(_screen, 1, _screen, 0, rows - 1);
        Array.Copy(_goesOn, 1, _goesOn, 0, rows - 1);
        _screen[^1] = Blank(columns);
        _goesOn[^1] = false;
    }

    [GeneratedRegex(@"\e\[\??(?<numbers>[\d;]*)(?<command>[A-Za-z])|\e\]8;.*?\e\\|\e[=>]")]
    private static partial Regex Sequence();
}
