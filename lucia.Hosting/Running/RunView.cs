using System.Threading.Channels;

namespace Aspire.Hosting.Running;

/// <summary>Paints the table and the lines of a run a few times a second, when there is something new.</summary>
internal sealed class RunView
{
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LookAtSize = TimeSpan.FromMilliseconds(500);

    private readonly RunTable _table;
    private readonly RunScreen _screen;
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _closing = new();
    private bool _isClosed;

    internal RunView(RunTable table)
    {
        _table = table;
        _screen = new RunScreen(Size, Console.Out.Write, columns => _table.Render(columns, Terminal.HasLinks, Terminal.HasColours));
    }

    /// <summary>Whether the table has room for every address.</summary>
    internal bool ShowsAddresses => _table.ShowsAddresses(Size().Columns);

    internal void Open()
    {
        _screen.Open();
        _ = PaintAsync();
    }

    internal void Add(string line)
    {
        lock (_gate)
        {
            if (_isClosed)
                Console.Out.WriteLine(line);
            else
                _lines.Add(line);
        }

        Changed();
    }

    internal void Changed() => _news.Writer.TryWrite(true);

    /// <summary>Shows what is left and takes the table away; what is added from now on is written below.</summary>
    internal void Close()
    {
        _closing.Cancel();
        lock (_gate)
        {
            if (_isClosed)
                return;
            Paint();
            _screen.Close();
            _isClosed = true;
        }
    }

    private async Task PaintAsync()
    {
        var size = Size();
        while (!_closing.IsCancellationRequested)
        {
            lock (_gate)
            {
                if (!_isClosed)
                    Paint();
            }

            await Task.Delay(Frame, _closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (!_closing.IsCancellationRequested && !_news.Reader.TryRead(out _) && Size() == size)
                await Task.WhenAny(_news.Reader.WaitToReadAsync(_closing.Token).AsTask(), Task.Delay(LookAtSize, _closing.Token));
            size = Size();
        }
    }

    private void Paint()
    {
        string[] lines = [.. _lines];
        _lines.Clear();
        _screen.Paint(lines);
    }

    private static (int Columns, int Rows) Size() => (Math.Max(20, Console.WindowWidth), Math.Max(4, Console.WindowHeight));
}
