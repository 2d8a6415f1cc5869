namespace Lucia.Deployment.Tests.Compose;

/// <summary>A test of the shared deployment. After each, whatever was sent since the beginning must have stayed among the configured endpoints.</summary>
[Collection(ComposeTests.Name)]
[Trait("Speed", "Slow")]
public abstract class ComposeTest(ComposeHouse house) : IAsyncLifetime
{
    /// <summary>What all tests share.</summary>
    protected ComposeHouse House { get; } = house;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        House.ShouldHaveKeptToItself();
        return ValueTask.CompletedTask;
    }
}
