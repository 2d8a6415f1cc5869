using System.Diagnostics;

namespace Lucia.AgentHost.Tests.Support;

/// <summary>Waits for a condition, for at most half a minute.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static Task TrueAsync(Func<bool> condition, string what) => TrueAsync(() => Task.FromResult(condition()), what);

    public static async Task TrueAsync(Func<Task<bool>> condition, string what)
    {
        var start = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(start) > Limit) throw new TimeoutException($"Not within {Limit.TotalSeconds} seconds: {what}.");
            await Task.Delay(15, TestContext.Current.CancellationToken);
        }
    }
}
