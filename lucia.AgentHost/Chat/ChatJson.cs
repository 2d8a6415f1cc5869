using System.Text.Json.Serialization;
using Lucia.AgentHost.Agents;
using Lucia.ServiceDefaults;

namespace Lucia.AgentHost.Chat;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(ChatRequest))]
[JsonSerializable(typeof(ChatReply))]
[JsonSerializable(typeof(TurnStarted))]
[JsonSerializable(typeof(TextAdded))]
[JsonSerializable(typeof(SessionView))]
[JsonSerializable(typeof(AgentView))]
[JsonSerializable(typeof(AgentView[]))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class ChatJson : JsonSerializerContext;
