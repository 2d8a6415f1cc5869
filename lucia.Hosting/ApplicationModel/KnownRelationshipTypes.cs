namespace Aspire.Hosting.ApplicationModel;

/// <summary>The relationships that Aspire's dashboard knows.</summary>
internal static class KnownRelationshipTypes
{
    internal const string Reference = "Reference";

    internal const string WaitFor = "WaitFor";

    internal const string Parent = "Parent";
}
