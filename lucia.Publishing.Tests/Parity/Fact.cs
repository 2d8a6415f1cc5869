namespace Lucia.Publishing.Tests.Parity;

/// <summary>What a fact is about.</summary>
internal enum FactKind
{
    /// <summary>A variable that no secret flows into, and the manifest reference it stands for.</summary>
    Environment,

    /// <summary>An endpoint at which the workload answers.</summary>
    Port,

    /// <summary>A value that a secret flows into, and how it is delivered.</summary>
    Secret,

    /// <summary>A folder that outlives the workload.</summary>
    Storage,

    /// <summary>A check.</summary>
    Health,

    /// <summary>Another workload that it waits for or calls.</summary>
    Dependency,

    /// <summary>The most it may use.</summary>
    Limit,

    /// <summary>A configuration file that no setting and no secret flows into.</summary>
    File,

    /// <summary>That it may call addresses outside the deployment.</summary>
    Outside,
}

/// <summary>One thing that an output says of a workload, in the manifest's words.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Name">A variable, an endpoint, a folder, a check, a workload, a resource.</param>
/// <param name="Value">What is said of it.</param>
internal sealed record Fact(FactKind Kind, string Name, string Value)
{
    public override string ToString() => $"{Kind}: {Name} = {Value}";
}
