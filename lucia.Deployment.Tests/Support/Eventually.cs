namespace Lucia.Deployment.Tests.Support;

/// <summary>Waits for what happens by itself.</summary>
internal static class Eventually
{
    /// <summary>Asks until the answer is yes; fails when it is not within the limit.</summary>
    public static async Task TrueAsync(string what, Func<Task<bool>> condition, int seconds = 60)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var deadline = DateTime.UtcNow.AddSeconds(seconds);
        while (!await condition())
        {
            (DateTime.UtcNow < deadline).ShouldBeTrue($"Within {seconds} s: {what}");
            await Task.Delay(250, cancellation);
        }
    }
}
