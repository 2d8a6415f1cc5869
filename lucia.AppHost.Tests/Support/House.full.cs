namespace Lucia.AppHost.Tests.Support;

internal sealed partial class House
{
    /// <summary>Aspire gives every run of an AppHost the same volumes.</summary>
    static partial void KeepToItself(List<string> arguments) => arguments.Add("--AppHost:DiscardState=true");
}
