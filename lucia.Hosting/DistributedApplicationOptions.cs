using System.Reflection;

namespace Aspire.Hosting;

/// <summary>How an application is built.</summary>
public sealed class DistributedApplicationOptions
{
    /// <summary>The command line.</summary>
    public string[]? Args { get; set; }

    /// <summary>The AppHost's assembly, when it is not the entry assembly.</summary>
    public string? AssemblyName { get; set; }

    /// <summary>The AppHost project's directory, when the assembly does not say it.</summary>
    public string? ProjectDirectory { get; set; }

    /// <summary>Whether the dashboard is left out.</summary>
    public bool DisableDashboard { get; set; }

    /// <summary>Whether what the resources write goes to the console too.</summary>
    public bool EnableResourceLogging { get; set; }

    internal Assembly? Assembly => AssemblyName is null ? System.Reflection.Assembly.GetEntryAssembly() : System.Reflection.Assembly.Load(AssemblyName);
}
