using System.Runtime.CompilerServices;

namespace Lucia.AppHost;

/// <summary>What Aspire's orchestrator reads from the environment before the model is built.</summary>
internal static class PackageSet
{
    [ModuleInitializer]
    internal static void Prepare()
    {
        // A project is started with "dotnet run", which evaluates it anew: it has to find the package set it was built with.
        Environment.SetEnvironmentVariable("LuciaPackages", "full");
        // A run listens on loopback alone, the dashboard included: it needs no developer certificate.
        if (Environment.GetEnvironmentVariable("ASPIRE_ALLOW_UNSECURED_TRANSPORT") is null)
            Environment.SetEnvironmentVariable("ASPIRE_ALLOW_UNSECURED_TRANSPORT", "true");
    }
}
