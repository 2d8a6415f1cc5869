using System.Text.Json.Serialization;

namespace Lucia.Simulator.Faults;

/// <summary>The ways in which the simulated model and home misbehave on request.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FaultKind>))]
public enum FaultKind
{
    /// <summary>Model: 429 with <c>Retry-After</c> (<c>retryAfterSeconds</c>, 1 by default).</summary>
    [JsonStringEnumMemberName("model-rate-limit")] ModelRateLimit,

    /// <summary>Model: 500.</summary>
    [JsonStringEnumMemberName("model-error")] ModelError,

    /// <summary>Model: nothing at all for <c>milliseconds</c>, then the answer.</summary>
    [JsonStringEnumMemberName("model-slow")] ModelSlow,

    /// <summary>Model: a tool call whose arguments are not JSON; <c>variant</c> is <c>truncated</c>, <c>single-quotes</c>, <c>trailing-comma</c> or <c>prose</c>.</summary>
    [JsonStringEnumMemberName("model-malformed-arguments")] ModelMalformedArguments,

    /// <summary>Model: the tool call is printed as text in the content.</summary>
    [JsonStringEnumMemberName("model-tool-call-as-text")] ModelToolCallAsText,

    /// <summary>Model: the connection breaks in the middle of the answer.</summary>
    [JsonStringEnumMemberName("model-cut-off")] ModelCutOff,

    /// <summary>Model: says that it is done where it should have called a tool.</summary>
    [JsonStringEnumMemberName("model-claims-done")] ModelClaimsDone,

    /// <summary>Model: calls a tool again and again.</summary>
    [JsonStringEnumMemberName("model-loops")] ModelLoops,

    /// <summary>Model: calls a tool that nobody offered.</summary>
    [JsonStringEnumMemberName("model-unknown-tool")] ModelUnknownTool,

    /// <summary>Model: calls the right tool with an entity id that does not exist.</summary>
    [JsonStringEnumMemberName("model-unknown-entity")] ModelUnknownEntity,

    /// <summary>Home: accepts a service call and changes nothing.</summary>
    [JsonStringEnumMemberName("home-ignores-call")] HomeIgnoresCall,

    /// <summary>Home: accepts a service call at once and changes the state after <c>milliseconds</c>.</summary>
    [JsonStringEnumMemberName("home-changes-late")] HomeChangesLate,

    /// <summary>Home: a service call fails (REST 500, WebSocket <c>home_assistant_error</c>).</summary>
    [JsonStringEnumMemberName("home-error")] HomeError,

    /// <summary>Home: a service call answers only after <c>milliseconds</c>.</summary>
    [JsonStringEnumMemberName("home-hang")] HomeHang,

    /// <summary>Home: the WebSocket breaks when it next receives a command.</summary>
    [JsonStringEnumMemberName("home-socket-drop")] HomeSocketDrop,

    /// <summary>Home: commands that need an administrator answer <c>unauthorized</c>, as for a non-admin token.</summary>
    [JsonStringEnumMemberName("home-not-admin")] HomeNotAdmin,

    /// <summary>Home: the token is refused (REST 401, WebSocket <c>auth_invalid</c>).</summary>
    [JsonStringEnumMemberName("home-unauthorized")] HomeUnauthorized,
}
