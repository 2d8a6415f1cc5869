using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Dashboard;

/// <summary>
/// Serves the dashboard: gRPC's <c>aspire.v1.DashboardService</c> on a free port of the loopback interface, to whoever has the key. Resources are
/// sent as they are, then as they change; console lines as they were kept, then as they are written.
/// </summary>
internal sealed class ResourceService : IAsyncDisposable
{
    internal const string KeyHeader = "x-resource-service-api-key";
    private const string Prefix = "/aspire.v1.DashboardService/";

    private readonly string _application;
    private readonly byte[] _key;
    private readonly ResourceNotificationService _notifications;
    private readonly ResourceLoggerService _logs;
    private readonly ResourceCommandService _commands;
    private readonly CancellationTokenSource _stopping = new();
    private WebApplication? _server;

    internal ResourceService(string application, string key, ResourceNotificationService notifications, ResourceLoggerService logs, ResourceCommandService commands)
    {
        _application = application;
        _key = Encoding.UTF8.GetBytes(key);
        _notifications = notifications;
        _logs = logs;
        _commands = commands;
    }

    /// <summary>Where it listens, once started.</summary>
    internal Uri Address => new(_server!.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    internal async Task StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
            // A call that only listens sends nothing for as long as it lasts.
            kestrel.Limits.MinRequestBodyDataRate = null;
        });
        _server = builder.Build();
        _server.Run(ServeAsync);
        await _server.StartAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        // Streams end by this, else the server would wait for them.
        await _stopping.CancelAsync();
        if (_server is not null)
            await _server.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task ServeAsync(HttpContext context)
    {
        if (context.Request.ContentType?.StartsWith(GrpcExchange.ContentType, StringComparison.OrdinalIgnoreCase) != true)
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        var call = new GrpcExchange(context);
        try
        {
            if (CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(context.Request.Headers[KeyHeader].ToString()), _key))
                await ServeAsync(call, context.Request.Path.Value ?? "");
            else
                call.End(GrpcStatus.Unauthenticated, $"The header {KeyHeader} does not hold this run's key.");
        }
        catch (OperationCanceledException)
        {
            // The dashboard has gone, or the run ends.
        }
        catch (InvalidDataException error)
        {
            call.End(GrpcStatus.InvalidArgument, error.Message);
        }
        catch (Exception error) when (error is not IOException)
        {
            call.End(GrpcStatus.Internal, error.Message);
        }
    }

    private async Task ServeAsync(GrpcExchange call, string path)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(call.Aborted, _stopping.Token);
        switch (path.StartsWith(Prefix, StringComparison.Ordinal) ? path[Prefix.Length..] : "")
        {
            case "GetApplicationInformation":
                await call.BeginAsync();
                await call.WriteAsync(ResourceMessages.ApplicationInformation(_application), ended.Token);
                break;
            case "WatchResources":
                await call.BeginAsync();
                await foreach (var update in ResourcesAsync(ended.Token))
                    await call.WriteAsync(update, ended.Token);
                break;
            case "WatchResourceConsoleLogs":
                var watched = ProtoReader.Read(await call.ReadAsync());
                await call.BeginAsync();
                await foreach (var lines in LinesAsync(watched.Text(1), isFollowed: !watched.Flag(2), ended.Token))
                    await call.WriteAsync(ResourceMessages.ConsoleLines(lines), ended.Token);
                break;
            case "ExecuteResourceCommand":
                var command = ProtoReader.Read(await call.ReadAsync());
                await call.BeginAsync();
                await call.WriteAsync(ResourceMessages.CommandResponse(await ExecuteAsync(command.Text(2), command.Text(1), ended.Token)), ended.Token);
                break;
            case "WatchInteractions":
                // There is nothing to ask a person for; a call that is refused would be tried again and again.
                await call.BeginAsync();
                await Task.Delay(Timeout.Infinite, ended.Token);
                break;
            default:
                call.End(GrpcStatus.Unimplemented, "This method is not served.");
                return;
        }

        call.End(GrpcStatus.Ok);
    }

    /// <summary>Everything, then what changed: of a resource that changes faster than it is sent, the latest state alone.</summary>
    private async IAsyncEnumerable<ReadOnlyMemory<byte>> ResourcesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var gate = new Lock();
        var changed = new Dictionary<string, ResourceEvent>();
        var news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        using var observation = _notifications.Observe(change =>
        {
            lock (gate)
                changed[change.ResourceId] = change;
            news.Writer.TryWrite(true);
        });
        // What is known was observed before the call above returned.
        yield return ResourceMessages.InitialData(Taken());
        while (await news.Reader.WaitToReadAsync(cancellationToken))
        {
            news.Reader.TryRead(out _);
            if (Taken() is { Length: > 0 } changes)
                yield return ResourceMessages.Changes(changes);
        }

        ResourceEvent[] Taken()
        {
            lock (gate)
            {
                ResourceEvent[] taken = [.. changed.Values];
                changed.Clear();
                return taken;
            }
        }
    }

    private async IAsyncEnumerable<IReadOnlyList<LogLine>> LinesAsync(string resource, bool isFollowed, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var log = LogOf(resource);
        if (!isFollowed)
        {
            yield return _logs.Kept(log);
            yield break;
        }

        await foreach (var lines in _logs.FollowAsync(log, cancellationToken))
            yield return lines;
    }

    /// <summary>Instances write under their own names when there are several, else under their resource's.</summary>
    private string LogOf(string resource) =>
        _notifications.TryGetCurrentState(resource, out var found) && found.Resource.GetReplicaCount() == 1 ? found.Resource.Name : resource;

    private async Task<ExecuteCommandResult> ExecuteAsync(string resource, string command, CancellationToken cancellationToken)
    {
        try
        {
            return await _commands.ExecuteCommandAsync(resource, command, cancellationToken);
        }
        catch (DistributedApplicationException error)
        {
            return new() { Success = false, Message = error.Message };
        }
    }
}
