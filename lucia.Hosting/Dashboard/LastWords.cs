using Aspire.Hosting.Running;

namespace Aspire.Hosting.Dashboard;

/// <summary>The last lines that a program wrote, which usually say why it ended: those of standard error when there are any.</summary>
internal sealed class LastWords
{
    private const int LinesKept = 2, LongestQuote = 400;

    private readonly Lock _gate = new();
    private readonly Queue<string> _output = [];
    private readonly Queue<string> _errors = [];

    internal void Add(string line, bool isError)
    {
        var text = RunScreen.Plain(line).Trim();
        // Where an exception came from says less than the exception.
        if (text.Length == 0 || text.StartsWith("at ", StringComparison.Ordinal))
            return;
        lock (_gate)
        {
            var lines = isError ? _errors : _output;
            lines.Enqueue(text);
            if (lines.Count > LinesKept)
                lines.Dequeue();
        }
    }

    /// <summary>The lines without the secrets of the program, to be added to a sentence; empty when it said nothing.</summary>
    internal string Quoted(LaunchPlan plan)
    {
        lock (_gate)
        {
            var text = plan.Masked(string.Join(' ', _errors.Count > 0 ? _errors : _output));
            return text.Length switch
            {
                0 => "",
                > LongestQuote => $" (\"{text[..LongestQuote]}…\")",
                _ => $" (\"{text}\")"
            };
        }
    }
}
