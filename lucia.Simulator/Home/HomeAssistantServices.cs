using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Lucia.Simulator.Faults;

namespace Lucia.Simulator.Home;

/// <summary>Runs service calls against the house: finds the target, checks the data, changes the states, and misbehaves when told to.</summary>
internal sealed class HomeAssistantServices(House house, ShoppingList shopping, FaultBook faults, Journal journal, TimeProvider time, CancellationToken stopping)
{
    private static readonly string[] TargetKeys = ["entity_id", "device_id", "area_id", "floor_id", "label_id"];
    private static readonly FrozenDictionary<string, Service> Fixed =
        LightServices.All.Concat(HomeServices.All).ToFrozenDictionary(service => $"{service.Domain}.{service.Name}");

    private readonly FrozenDictionary<string, Service> _services = Fixed.Values.Concat(
    [
        new Service("todo", "add_item", "Adds an item to a list.", (_, data) => shopping.Add(data)) { Fields = ShoppingList.Item },
        new Service("todo", "remove_item", "Removes an item from a list.", (_, data) => shopping.Remove(data)) { Fields = ShoppingList.Item },
        new Service("todo", "update_item", "Updates an item of a list.", (_, data) => shopping.Update(data))
        {
            Fields =
            [
                .. ShoppingList.Item,
                ServiceField.Text("rename", "Its new words."),
                ServiceField.OneOf("status", "Whether it is done.", ["needs_action", "completed"]),
            ],
        },
        new Service("todo", "get_items", "Gets the items of a list.", (_, _) => null) { Fields = [ServiceField.Text("status", "Which ones.")] },
    ]).ToFrozenDictionary(service => $"{service.Domain}.{service.Name}");

    public static Service? Find(string domain, string name) => Fixed.GetValueOrDefault($"{domain}.{name}");

    public bool Has(ServiceCall call) => _services.ContainsKey($"{call.Domain}.{call.Name}");

    /// <summary>Every service by domain, as <c>get_services</c> answers.</summary>
    public JsonObject ToJson()
    {
        var domains = new JsonObject();
        foreach (var group in _services.Values.GroupBy(service => service.Domain).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var services = new JsonObject();
            foreach (var service in group.OrderBy(service => service.Name, StringComparer.Ordinal))
            {
                var described = service.ToJson();
                if (service is { Domain: "todo", Name: "get_items" })
                    described["response"] = new JsonObject { ["optional"] = false };
                services[service.Name] = described;
            }

            domains[group.Key] = services;
        }

        return domains;
    }

    /// <summary>Runs one call to its end, as Home Assistant's blocking calls do.</summary>
    /// <param name="call">What is asked for.</param>
    /// <param name="cancel">The caller went away.</param>
    /// <exception cref="ServiceRefused">The call cannot be carried out.</exception>
    public async Task<ServiceOutcome> CallAsync(ServiceCall call, CancellationToken cancel)
    {
        var context = ChangeContext.Now(time.GetUtcNow(), House.UserId);
        var entry = journal.ServiceCalled(call);
        try
        {
            var service = _services.GetValueOrDefault($"{call.Domain}.{call.Name}") ?? throw new ServiceNotFound(call.Domain, call.Name);
            var (targets, data) = Resolve(service, call);
            var fault = faults.TakeForService(service, targets);
            switch (fault?.Kind)
            {
                case FaultKind.HomeError:
                    throw new DeviceFailed($"Failed to call {call.Domain}.{call.Name}: the device did not answer");
                case FaultKind.HomeHang:
                    using (var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, stopping))
                        await Task.Delay(TimeSpan.FromMilliseconds(fault.Milliseconds), time, either.Token);
                    break;
                case FaultKind.HomeIgnoresCall:
                    journal.Finished(entry, "ignored", targets);
                    return new ServiceOutcome(context, [], null);
                case FaultKind.HomeChangesLate:
                    _ = ApplyLaterAsync(service, targets, data, context, fault.Milliseconds);
                    journal.Finished(entry, "delayed", targets);
                    return new ServiceOutcome(context, [], null);
            }

            var changed = Apply(service, targets, data, context);
            journal.Finished(entry, changed.Count > 0 ? "changed" : "unchanged", targets);
            var response = service is { Domain: "todo", Name: "get_items" } ? new JsonObject { [ShoppingList.EntityId] = shopping.ToJson() } : null;
            return new ServiceOutcome(context, changed, response);
        }
        catch (ServiceRefused refused)
        {
            journal.Finished(entry, "refused: " + refused.Message, []);
            throw;
        }
    }

    private async Task ApplyLaterAsync(Service service, IReadOnlyList<string> targets, JsonObject data, ChangeContext context, int milliseconds)
    {
        try
        {
            await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), time, stopping);
            Apply(service, targets, data, context);
        }
        catch (OperationCanceledException)
        {
        }
        catch (ServiceRefused)
        {
            // As with a real device that answers late and fails: the caller was told long ago that the call was accepted.
        }
    }

    private List<EntityState> Apply(Service service, IReadOnlyList<string> targets, JsonObject data, ChangeContext context)
    {
        var changed = new List<EntityState>();
        foreach (var entityId in targets)
        {
            var routine = service.RunsRoutine || (service.Domain == "homeassistant" && service.Name == "turn_on");
            if (routine && FurnishedHouse.Routines.TryGetValue(entityId, out var steps) && house.State(entityId) is not null)
            {
                foreach (var step in steps)
                    changed.AddRange(Apply(_services[$"{step.Domain}.{step.Service}"], [step.EntityId], step.Data ?? [], context));
            }

            var before = house.State(entityId);
            if (house.Update(entityId, current => service.Effect(current, data), context) is { } after && !ReferenceEquals(before, after))
                changed.Add(after);
        }

        return changed;
    }

    /// <summary>Entity ids that exist, and the data without its target. Unknown ids are left out without a word, as Home Assistant leaves them out.</summary>
    private (IReadOnlyList<string> Targets, JsonObject Data) Resolve(Service service, ServiceCall call)
    {
        var wanted = new Dictionary<string, IReadOnlyList<string>>();
        var data = new JsonObject();
        foreach (var (name, value) in call.Data.Concat(call.Target))
        {
            if (!TargetKeys.Contains(name))
                data[name] = value?.DeepClone();
            else
                wanted[name] = Json.Strings(value) ?? throw new InvalidServiceData($"expected a list of ids for dictionary value @ data['{name}']");
        }

        if (wanted.Count == 0)
            throw new InvalidServiceData($"must contain at least one of {string.Join(", ", TargetKeys)}.");
        foreach (var malformed in wanted.GetValueOrDefault("entity_id", []).Where(id => id is not ("all" or "none") && !IsEntityId(id)))
            throw new InvalidServiceData($"Entity ID {malformed} is an invalid entity ID for dictionary value @ data['entity_id']");

        foreach (var (name, value) in data)
        {
            var field = service.Fields.FirstOrDefault(field => field.Name == name)
                ?? (service.Domain == "homeassistant" ? ServiceField.Text(name, "") : throw new InvalidServiceData($"extra keys not allowed @ data['{name}']"));
            if (field.Problem(value) is { } problem)
                throw new InvalidServiceData($"{problem} for dictionary value @ data['{name}']");
        }

        foreach (var missing in service.Fields.Where(field => field.Required && !data.ContainsKey(field.Name)))
            throw new InvalidServiceData($"required key not provided @ data['{missing.Name}']");

        return ([.. house.Entities.Where(entity => IsTarget(service, entity, wanted)).Select(entity => entity.EntityId)], data);
    }

    private bool IsTarget(Service service, RegisteredEntity entity, Dictionary<string, IReadOnlyList<string>> wanted)
    {
        if (!service.TargetDomains.Contains(entity.EntityId[..entity.EntityId.IndexOf('.')]))
            return false;
        var ids = wanted.GetValueOrDefault("entity_id", []);
        if (ids.Contains(entity.EntityId) || ids.Contains("all"))
            return true;

        // Through an area or a device only ordinary entities are meant, never those that configure or diagnose.
        var area = house.AreaOf(entity);
        return entity.EntityCategory is null
            && ((area is not null && wanted.GetValueOrDefault("area_id", []).Contains(area.AreaId))
                || (area?.FloorId is not null && wanted.GetValueOrDefault("floor_id", []).Contains(area.FloorId))
                || (entity.DeviceId is not null && wanted.GetValueOrDefault("device_id", []).Contains(entity.DeviceId)));
    }

    public static bool IsEntityId(string id) =>
        id.IndexOf('.') is var dot and > 0 && dot < id.Length - 1 && id.All(letter => letter is '_' or '.' || char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter));
}

/// <summary>A service call as a client sent it.</summary>
/// <param name="Domain">For example <c>light</c>.</param>
/// <param name="Name">For example <c>turn_on</c>.</param>
/// <param name="Data">The service data; over REST with the target in it.</param>
/// <param name="Target">The target of a WebSocket call.</param>
/// <param name="Via"><c>rest</c> or <c>websocket</c>.</param>
internal sealed record ServiceCall(string Domain, string Name, JsonObject Data, JsonObject Target, string Via);

/// <summary>What came of a call.</summary>
internal sealed record ServiceOutcome(ChangeContext Context, IReadOnlyList<EntityState> Changed, JsonObject? Response);
