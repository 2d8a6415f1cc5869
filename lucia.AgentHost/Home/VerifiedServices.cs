using System.Text.Json;
using Lucia.ServiceDefaults;

namespace Lucia.AgentHost.Home;

/// <summary>Calls services and reads the result back: a call is a success only when the home reports the state that was asked for.</summary>
public sealed class VerifiedServices(HomeAssistantApi api, House house, TimeProvider time)
{
    /// <summary>Radio devices report late; longer than this and a person thinks nothing happened.</summary>
    private static readonly TimeSpan ReportLimit = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan PollPause = TimeSpan.FromMilliseconds(200);

    /// <summary>Calls one service for several entities and confirms each of them.</summary>
    /// <param name="domain">The service's domain.</param>
    /// <param name="service">The service.</param>
    /// <param name="targets">The entities, each with the state it should then report.</param>
    /// <param name="data">Writes more properties of the call; null for none.</param>
    /// <param name="cancellation">Ends call and waits.</param>
    /// <returns>One outcome for each target, in order. A refused or failed call is an outcome, not an exception.</returns>
    public async Task<IReadOnlyList<ServiceOutcome>> CallAsync(
        string domain, string service, IReadOnlyList<ServiceTarget> targets, Action<Utf8JsonWriter>? data, CancellationToken cancellation)
    {
        try
        {
            await api.CallServiceAsync(domain, service, writer =>
            {
                writer.WriteStartArray("entity_id");
                foreach (var target in targets) writer.WriteStringValue(target.Entity.Id);
                writer.WriteEndArray();
                data?.Invoke(writer);
            }, cancellation);
        }
        catch (DependencyException exception)
        {
            // It may have run all the same (an answer that never came), so what the home reports still decides.
            return await Task.WhenAll(targets.Select(target => ConfirmAsync(target, exception.Message, TimeSpan.FromSeconds(1), cancellation)));
        }

        return await Task.WhenAll(targets.Select(target => ConfirmAsync(target, null, ReportLimit, cancellation)));
    }

    private async Task<ServiceOutcome> ConfirmAsync(ServiceTarget target, string? failure, TimeSpan limit, CancellationToken cancellation)
    {
        var id = target.Entity.Id;
        if (house.IsLive && await house.WaitForAsync(id, target.Reached, limit, time, cancellation))
            return new(target.Entity, house.Find(id)?.State ?? target.Wanted, null);

        var last = await PollAsync(target, house.IsLive ? TimeSpan.Zero : limit, cancellation);
        if (last is not null && target.Reached(last)) return new(target.Entity, last.State, null);
        var error = failure
            ?? (last is null ? "Home Assistant accepted the call, but the result could not be read back."
            : last.IsUnavailable ? $"The device is {last.State}."
            : $"Home Assistant accepted the call, but {target.Entity.Name} did not report {target.Wanted}.");
        return new(target.Entity, last?.State, error);
    }

    /// <summary>Asks Home Assistant itself: once when events were arriving, else until the limit.</summary>
    private async Task<EntityState?> PollAsync(ServiceTarget target, TimeSpan limit, CancellationToken cancellation)
    {
        EntityState? last = null;
        var start = time.GetTimestamp();
        while (true)
        {
            try
            {
                last = await api.ReadStateAsync(target.Entity.Id, cancellation);
            }
            catch (DependencyException)
            {
                return last;
            }

            if (last is null || target.Reached(last) || time.GetElapsedTime(start) >= limit) return last;
            await Task.Delay(PollPause, time, cancellation);
        }
    }
}

/// <summary>One entity of a call and the state it should report afterwards.</summary>
/// <param name="Entity">The entity.</param>
/// <param name="Wanted">The wanted state in words, such as <c>on at 40 %</c>.</param>
/// <param name="Reached">Whether a reported state is the wanted one.</param>
public sealed record ServiceTarget(Entity Entity, string Wanted, Func<EntityState, bool> Reached);

/// <summary>What became of one entity of a call.</summary>
/// <param name="Entity">The entity, as it was before the call.</param>
/// <param name="State">The state read back; null when it could not be read.</param>
/// <param name="Error">Why it is not a success; null for a confirmed success.</param>
public sealed record ServiceOutcome(Entity Entity, string? State, string? Error)
{
    public bool Success => Error is null;
}
