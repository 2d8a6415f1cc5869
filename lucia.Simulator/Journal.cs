using System.Text.Json.Nodes;
using Lucia.Simulator.Home;

namespace Lucia.Simulator;

/// <summary>What was asked of the model and of the home, for tests to look at. Keeps the last few hundred of each.</summary>
internal sealed class Journal(TimeProvider time)
{
    private const int MaxEntries = 300;
    private const int MaxEntryBytes = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly Queue<JsonObject> _model = new();
    private readonly Queue<JsonObject> _services = new();

    public JsonObject ModelAsked(string path, JsonObject request) => Enter(_model, new JsonObject
    {
        ["at"] = EntityState.Timestamp(time.GetUtcNow()),
        ["path"] = path,
        ["request"] = Json.Bytes(request) is { Length: <= MaxEntryBytes } ? request.DeepClone() : $"left out: more than {MaxEntryBytes} bytes",
        ["answer"] = null,
    });

    public JsonObject ServiceCalled(ServiceCall call) => Enter(_services, new JsonObject
    {
        ["at"] = EntityState.Timestamp(time.GetUtcNow()),
        ["via"] = call.Via,
        ["domain"] = call.Domain,
        ["service"] = call.Name,
        ["data"] = Json.Bytes(call.Data) is { Length: <= MaxEntryBytes } ? call.Data.DeepClone() : $"left out: more than {MaxEntryBytes} bytes",
        ["target"] = Json.Bytes(call.Target) is { Length: <= MaxEntryBytes } ? call.Target.DeepClone() : $"left out: more than {MaxEntryBytes} bytes",
        ["entities"] = null,
        ["outcome"] = "pending",
    });

    public void Answered(JsonObject entry, JsonNode answer)
    {
        lock (_gate)
            entry["answer"] = answer;
    }

    public void Finished(JsonObject entry, string outcome, IReadOnlyList<string> entities)
    {
        lock (_gate)
        {
            entry["outcome"] = outcome;
            entry["entities"] = Json.Array(entities);
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _model.Clear();
            _services.Clear();
        }
    }

    public JsonObject ToJson()
    {
        lock (_gate)
        {
            return new JsonObject
            {
                ["modelRequests"] = new JsonArray([.. _model.Select(entry => entry.DeepClone())]),
                ["serviceCalls"] = new JsonArray([.. _services.Select(entry => entry.DeepClone())]),
            };
        }
    }

    private JsonObject Enter(Queue<JsonObject> entries, JsonObject entry)
    {
        lock (_gate)
        {
            if (entries.Count == MaxEntries)
                entries.Dequeue();
            entries.Enqueue(entry);
        }

        return entry;
    }
}
