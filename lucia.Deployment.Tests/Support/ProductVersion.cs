using System.Globalization;
using System.Reflection;

namespace Lucia.Deployment.Tests.Support;

/// <summary>The version of these sources: what Directory.Build.props says was built into the tests as into everything else.</summary>
internal static class ProductVersion
{
    /// <summary>Such as <c>1.2.3</c>, or <c>1.3.0-rc.1</c> for a pre-release.</summary>
    public static string Current { get; } = typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>A higher one, for what only pretends to be a later state of the sources.</summary>
    /// <param name="releases">How many releases later.</param>
    public static string Later(int releases = 1)
    {
        var numbers = Current.Split('-')[0].Split('.').Select(number => int.Parse(number, CultureInfo.InvariantCulture)).ToList();
        return string.Create(CultureInfo.InvariantCulture, $"{numbers[0]}.{numbers[1] + releases}.0");
    }
}
