using System.Diagnostics;
using System.Globalization;
using System.Net;
using Lucia.AgentHost.Telemetry;
using Lucia.ServiceDefaults;
using Lucia.Settings;
using Polly;
using Polly.CircuitBreaker;
using StackExchange.Redis;

namespace Lucia.AgentHost.Sessions;

/// <summary>
/// The one way to Redis. Every call is bounded in time and feeds a circuit breaker (the client itself waits for ever on a server that hangs),
/// and a watch notices when Redis comes back.
/// </summary>
internal sealed partial class RedisGate(LuciaSettings settings, TimeProvider time, ILogger<RedisGate> log) : BackgroundService
{
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    /// <summary>After so many beats without an answer the connection is made anew; the client can get stuck on a half-dead one.</summary>
    private const int BeatsBeforeReconnect = 5;

    private readonly CircuitBreakerManualControl _circuit = new();
    private readonly TaskCompletionSource _firstConnection = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ResiliencePipeline? _breaker;
    private ConnectionFailureType? _lastFailure;
    private volatile ConnectionMultiplexer? _connection;
    private volatile string? _problem = settings.Redis is null ? "Not configured: conversations are kept in memory and end with the process." : "Not connected yet.";

    private ResiliencePipeline Breaker => _breaker ??= new ResiliencePipelineBuilder { TimeProvider = time }
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<RedisException>().Handle<TimeoutException>().Handle<ObjectDisposedException>(),
            FailureRatio = 0.5,
            MinimumThroughput = 3,
            SamplingDuration = TimeSpan.FromSeconds(10),
            BreakDuration = TimeSpan.FromSeconds(2),
            ManualControl = _circuit,
        })
        .Build();

    /// <summary>Whether there is a Redis to use at all.</summary>
    public bool IsConfigured => settings.Redis is not null;

    /// <summary>Why Redis is not in use, in the user's words; null when it is.</summary>
    public string? Problem => _problem;

    /// <summary>
    /// Called when Redis answers again, or for the first time: writes back what was kept meanwhile. Redis counts as healthy once this says
    /// that everything was written; until then it is called at every beat.
    /// </summary>
    public Func<CancellationToken, Task<bool>>? Recovering { get; set; }

    /// <summary>Runs one call.</summary>
    /// <param name="operation">Its name in telemetry.</param>
    /// <param name="call">The call; must not block.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="DependencyException">Redis did not do it, for whatever reason.</exception>
    public async Task<T> RunAsync<T>(string operation, Func<IDatabase, Task<T>> call, CancellationToken cancellation)
    {
        if (!IsConfigured) throw Failure(null);
        TagList tags = new() { { "db.system.name", "redis" }, { "db.operation.name", operation } };
        try
        {
            return await AgentTelemetry.MeasureAsync(AgentTelemetry.RedisDuration, "redis " + operation, ActivityKind.Client, tags, _ =>
                Breaker.ExecuteAsync(async token => await call(await DatabaseAsync(token)).WaitAsync(CallLimit, time, token), cancellation).AsTask());
        }
        catch (BrokenCircuitException exception)
        {
            throw Failure(exception);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or ObjectDisposedException)
        {
            Note(exception);
            throw Failure(exception);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (settings.Redis is not { } redis) return;
        var silent = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (_connection is null || silent >= BeatsBeforeReconnect)
                {
                    await ConnectAsync(redis);
                    silent = 0;
                }

                // Past the breaker: this is what finds out that Redis is back.
                await _connection!.GetDatabase().PingAsync().WaitAsync(CallLimit, time, stoppingToken);
                silent = 0;
                if (_problem is not null) await RecoverAsync(redis, stoppingToken);
            }
            catch (Exception exception) when (exception is RedisException or TimeoutException or ObjectDisposedException)
            {
                silent++;
                Note(exception);
            }

            _firstConnection.TrySetResult();
            await Task.Delay(Beat, time, stoppingToken);
        }
    }

    public override void Dispose()
    {
        _connection?.Dispose();
        base.Dispose();
    }

    /// <summary>How a Redis is connected to.</summary>
    public static ConfigurationOptions Options(RedisSettings redis) => new()
    {
        EndPoints = { { redis.Host, redis.Port } },
        Password = redis.Password,
        Ssl = redis.Tls,
        SslHost = redis.Tls ? redis.Host : null,
        DefaultDatabase = redis.Database,
        AbortOnConnectFail = false,
        ClientName = "lucia",
        ConnectTimeout = (int)ConnectLimit.TotalMilliseconds,
        ConnectRetry = 1,
        ReconnectRetryPolicy = new LinearRetry((int)Beat.TotalMilliseconds),
        SyncTimeout = (int)CallLimit.TotalMilliseconds,
        KeepAlive = 15,
    };

    private async Task ConnectAsync(RedisSettings redis)
    {
        var before = _connection;
        var options = Options(redis);
        // Why a first attempt failed, only the client's own log says: its events can be listened to afterwards at the earliest.
        var told = new StringWriter(CultureInfo.InvariantCulture);
        var connection = await ConnectionMultiplexer.ConnectAsync(options, told).WaitAsync(ConnectLimit * 2, time);
        _lastFailure = told.ToString().Contains(nameof(ConnectionFailureType.AuthenticationFailure), StringComparison.Ordinal) ? ConnectionFailureType.AuthenticationFailure : null;
        connection.ConnectionFailed += (_, failed) => _lastFailure = failed.FailureType;
        connection.ConnectionRestored += (_, _) => _lastFailure = null;
        _connection = connection;
        before?.Dispose();
    }

    private async Task RecoverAsync(RedisSettings redis, CancellationToken cancellation)
    {
        await _circuit.CloseAsync(cancellation);
        if (Recovering is { } recovering && !await recovering(cancellation)) return;
        _problem = null;
        Connected(redis.Host, redis.Port);
    }

    private async Task<IDatabase> DatabaseAsync(CancellationToken cancellation)
    {
        if (_connection is null) await _firstConnection.Task.WaitAsync(CallLimit, time, cancellation);
        return (_connection ?? throw new TimeoutException()).GetDatabase();
    }

    private void Note(Exception exception)
    {
        var problem = exception switch
        {
            RedisServerException server when server.Message.StartsWith("OOM", StringComparison.Ordinal) => "Redis is out of memory: conversations are kept in memory until it has room again.",
            RedisServerException server when server.Message.StartsWith("NOAUTH", StringComparison.Ordinal) || server.Message.StartsWith("WRONGPASS", StringComparison.Ordinal) => WrongPassword,
            _ when _lastFailure == ConnectionFailureType.AuthenticationFailure => WrongPassword,
            _ => "Redis cannot be reached: conversations are kept in memory and written back when it returns.",
        };
        if (problem != _problem) Lost(problem, exception.GetType().Name);
        _problem = problem;
    }

    private const string WrongPassword = "Redis refused the password. Check Redis__Password.";

    private DependencyException Failure(Exception? cause) =>
        new("Redis", "is not in use now.", HttpStatusCode.ServiceUnavailable, cause);

    [LoggerMessage(Level = LogLevel.Information, Message = "Connected to Redis at {Host}:{Port}.")]
    private partial void Connected(string host, int port);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Problem} ({Cause})")]
    private partial void Lost(string problem, string cause);
}
