namespace Lucia.AgentHost.Chat;

/// <summary>Something that was to change in the home, and whether the home confirmed it.</summary>
/// <param name="Tool">The tool that the model called.</param>
/// <param name="Target">The entity id.</param>
/// <param name="Name">The entity's name.</param>
/// <param name="Success">Whether the wanted state was read back.</param>
/// <param name="Error">Why it is not a success; null for one.</param>
/// <param name="State">The state read back; null when it could not be read.</param>
public sealed record ChatAction(string Tool, string Target, string Name, bool Success, string? Error, string? State);
