using System.Diagnostics;

namespace Lucia.AgentHost.Doctor;

/// <summary>Looks at one thing that Lucia depends on; makes one or more checks, in order. When one fails, the rest are skipped.</summary>
/// <param name="names">The checks it makes, in order.</param>
/// <param name="limit">How long it may take altogether.</param>
internal abstract class Examination(IReadOnlyList<string> names, TimeSpan limit)
{
    public IReadOnlyList<string> Names { get; } = names;

    /// <summary>Makes the checks, one finding each, and ends with the first that fails.</summary>
    protected abstract IAsyncEnumerable<Finding> FindAsync(CancellationToken cancellation);

    /// <summary>What to do when it takes too long.</summary>
    protected abstract string WhenTooSlow { get; }

    /// <summary>Runs it; gives one finding for every name, whatever happens.</summary>
    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellation)
    {
        List<Finding> findings = [];
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bounded.CancelAfter(limit);
        var start = Stopwatch.GetTimestamp();
        try
        {
            // Waited for from outside as well: not everything that is called heeds a token.
            await Task.Run(
                async () =>
                {
                    await foreach (var finding in FindAsync(bounded.Token))
                    {
                        lock (findings) findings.Add(finding with { Took = Stopwatch.GetElapsedTime(start) });
                        start = Stopwatch.GetTimestamp();
                    }
                },
                bounded.Token).WaitAsync(bounded.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            Fail($"There was no answer within {limit.TotalSeconds:0} seconds.", WhenTooSlow);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Fail($"The check itself failed: {exception.GetType().Name}: {exception.Message}", "If nothing above explains it, report it with this line.");
        }

        lock (findings)
        {
            return [.. findings, .. Names.Skip(findings.Count).Select(name => new Finding(name, CheckStatus.Skip, $"Not looked at: {findings[^1].Name} comes first."))];
        }

        void Fail(string found, string remedy)
        {
            lock (findings)
            {
                if (findings.Count < Names.Count)
                    findings.Add(new(Names[findings.Count], CheckStatus.Fail, found, remedy) { Took = Stopwatch.GetElapsedTime(start) });
            }
        }
    }
}
