using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>Lets a test take the builder and the application out of an AppHost's entry point that runs in the test's process.</summary>
internal abstract class EntryPointCapture
{
    private static readonly AsyncLocal<EntryPointCapture?> Flowing = new();

    /// <summary>The capture of the entry point this code is called from; null in a process of its own.</summary>
    internal static EntryPointCapture? Current
    {
        get => Flowing.Value;
        set => Flowing.Value = value;
    }

    internal abstract void Constructing(DistributedApplicationOptions options, HostApplicationBuilderSettings settings);

    internal abstract void Constructed(DistributedApplicationBuilder builder);

    /// <summary>Called when the entry point builds; returns when the test lets it go on.</summary>
    internal abstract void Building(DistributedApplicationBuilder builder);

    internal abstract void Built(DistributedApplication application);
}
