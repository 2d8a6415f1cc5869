namespace Lucia.AgentHost.Models;

/// <summary>What a model is used for.</summary>
internal enum ModelRole
{
    Chat,
    Embedding,
}
