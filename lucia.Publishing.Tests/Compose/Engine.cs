namespace Lucia.Publishing.Tests.Compose;

/// <summary>The container engine of the machine, where there is one.</summary>
internal static class Engine
{
    /// <summary>Skips the test without <c>docker compose</c>.</summary>
    public static async Task NeedComposeAsync()
    {
        var run = await Command.RunAsync("docker", ["compose", "version"], Path.GetTempPath(), TestContext.Current.CancellationToken);
        if (run.ExitCode != 0)
            Assert.Skip("'docker compose' does not work here.");
    }

    /// <summary>Skips the test without a running engine that has the image.</summary>
    public static async Task NeedImageAsync(string image)
    {
        await NeedComposeAsync();
        var run = await Command.RunAsync("docker", ["image", "inspect", image], Path.GetTempPath(), TestContext.Current.CancellationToken);
        if (run.ExitCode != 0)
            Assert.Skip($"No container engine runs here, or it lacks the image {image}.");
    }
}
