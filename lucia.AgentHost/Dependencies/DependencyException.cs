namespace Lucia.AgentHost.Dependencies;

/// <summary>Something that Lucia leans on did not do its part. The message is meant for the user: it names the dependency and what to look at.</summary>
/// <param name="dependency">Which one.</param>
/// <param name="fault">Whether it could not be reached or answered wrongly.</param>
/// <param name="message">One sentence for the user; never a secret, never a raw answer.</param>
/// <param name="inner">The cause, for the log.</param>
public sealed class DependencyException(Dependency dependency, DependencyFault fault, string message, Exception? inner = null)
    : Exception(message, inner)
{
    public Dependency Dependency { get; } = dependency;

    public DependencyFault Fault { get; } = fault;
}

/// <summary>What Lucia leans on, named as in <c>/health</c>.</summary>
public enum Dependency
{
    ChatModel,
    EmbeddingModel,
    HomeAssistant,
    Redis,
}

public enum DependencyFault
{
    /// <summary>No answer, or "try later": HTTP 503.</summary>
    Unavailable,

    /// <summary>An answer that cannot be used (a refused key, an unknown model, garbage): HTTP 502.</summary>
    BadAnswer,
}

public static class DependencyNames
{
    /// <summary>The name in <c>/health</c> and in problem details.</summary>
    public static string Name(this Dependency dependency) => dependency switch
    {
        Dependency.ChatModel => "chatModel",
        Dependency.EmbeddingModel => "embeddingModel",
        Dependency.HomeAssistant => "homeAssistant",
        _ => "redis",
    };
}
