namespace Lucia.AppHost.Tests.Support;

/// <summary>The packages these tests were built with.</summary>
internal static class PackageSet
{
    /// <summary>What <c>LuciaPackages</c> was; whatever builds or runs a project is given the same.</summary>
    public static string Name => "baseline";
}
