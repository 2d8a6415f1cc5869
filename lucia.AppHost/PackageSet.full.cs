using System.Runtime.CompilerServices;

namespace Lucia.AppHost;

/// <summary>Aspire starts a project with <c>dotnet run</c>, which evaluates it anew: it has to find the package set it was built with.</summary>
internal static class PackageSet
{
    [ModuleInitializer]
    internal static void HandDown() => Environment.SetEnvironmentVariable("LuciaPackages", "full");
}
