using System.Globalization;
using System.Runtime.CompilerServices;
using Lucia.AgentHost.Sessions;
using Lucia.Settings;
using StackExchange.Redis;

namespace Lucia.AgentHost.Doctor;

/// <summary>Redis: it can be reached, takes the password, keeps what is written, evicts nothing and remembers after a restart.</summary>
internal sealed class RedisExamination(RedisSettings? settings) : Examination(["redis", "redis-policy"], TimeSpan.FromSeconds(15))
{
    private const string Address = "ConnectionStrings__redis";

    protected override string WhenTooSlow => $"Check that {Address} is the address of a Redis, and that it is not overloaded.";

    protected override async IAsyncEnumerable<Finding> FindAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        if (settings is null)
        {
            yield return new("redis", CheckStatus.Warn, "Not configured: conversations are kept in memory and end with the process.", $"Set {Address} to keep them.");
            yield return new("redis-policy", CheckStatus.Skip, "There is no Redis.");
            yield break;
        }

        if (await Reach.TryAsync(settings.Host, settings.Port, Address, cancellation) is { } unreachable)
        {
            yield return unreachable.Fails("redis");
            yield break;
        }

        var told = new StringWriter(CultureInfo.InvariantCulture);
        using var connection = await ConnectionMultiplexer.ConnectAsync(RedisGate.Options(settings), told).WaitAsync(cancellation);
        var database = connection.GetDatabase();
        if (await WriteAsync(database, told, cancellation) is { } trouble)
        {
            yield return trouble.Fails("redis");
            yield break;
        }

        var version = Line(await TextAsync(database, cancellation, "INFO", "server"), "redis_version");
        yield return new("redis", CheckStatus.Pass, $"Redis {version ?? "of an unknown version"} at {settings.Host}:{settings.Port} keeps what is written.");
        yield return await PolicyAsync(database, cancellation);
    }

    private async Task<Trouble?> WriteAsync(IDatabase database, StringWriter told, CancellationToken cancellation)
    {
        var key = "lucia:doctor:" + Guid.NewGuid().ToString("N");
        try
        {
            await database.StringSetAsync(key, "well", TimeSpan.FromMinutes(1)).WaitAsync(cancellation);
            var read = await database.StringGetAsync(key).WaitAsync(cancellation);
            await database.KeyDeleteAsync(key).WaitAsync(cancellation);
            return read == "well" ? null : new("Redis did not give back what was written.", "Check that it is one server, not a proxy in front of several.");
        }
        catch (RedisException exception)
        {
            var said = exception.Message + told;
            return said switch
            {
                _ when Says("NOAUTH") || Says("WRONGPASS") || Says("invalid password") || Says("AuthenticationFailure") => new(
                    settings!.Password is null ? "Redis asks for a password, and none is set." : "Redis refused the password.", "Set Redis__Password to the password of that Redis."),
                _ when Says("OOM ") => new("Redis is out of memory.", "Give it more: maxmemory in its configuration, and the limit of its container."),
                _ when Says("READONLY") => new("That Redis is a read-only replica.", $"Put the address of the primary into {Address}."),
                _ when Says("MISCONF") => new("Redis cannot save to its disk and therefore takes nothing.", "Check the free space and the rights of its data folder."),
                _ when Says("NOPERM") => new("The user of Redis may not read and write keys.", "Give it access to keys that begin with lucia: (ACL SETUSER)."),
                _ => new($"Something listens at {settings!.Host}:{settings.Port}, but it is no Redis that answers" + (settings.Tls ? " over TLS." : "."),
                    settings.Tls ? "Check that it speaks TLS there; without, write redis:// or leave ssl=true out." : $"Check {Address}; if it speaks TLS, write rediss://."),
            };

            bool Says(string word) => said.Contains(word, StringComparison.Ordinal);
        }
    }

    private static async Task<Finding> PolicyAsync(IDatabase database, CancellationToken cancellation)
    {
        const string Name = "redis-policy";
        var memory = await TextAsync(database, cancellation, "INFO", "memory");
        var persistence = await TextAsync(database, cancellation, "INFO", "persistence");
        if (Line(memory, "maxmemory_policy") is not { } policy)
            return new(Name, CheckStatus.Skip, "This Redis does not tell how it keeps its data (INFO is not allowed).");

        var isBounded = Line(memory, "maxmemory") is { } bound && bound != "0";
        var savesLog = Line(persistence, "aof_enabled") == "1";
        var saves = savesLog || await SavesSnapshotsAsync(database, cancellation);
        List<string> found = [], remedies = [];
        if (policy != "noeviction" && isBounded)
        {
            found.Add($"When its memory is full, it drops conversations (maxmemory-policy {policy}).");
            remedies.Add("Set maxmemory-policy noeviction in its configuration.");
        }

        if (!saves)
        {
            found.Add("It saves nothing: conversations end when it restarts.");
            remedies.Add("Set appendonly yes in its configuration, and give it a folder that lasts.");
        }

        return found.Count > 0
            ? new(Name, CheckStatus.Warn, string.Join(' ', found), string.Join(' ', remedies))
            : new(Name, CheckStatus.Pass, $"It drops nothing ({(isBounded ? policy : "no memory limit")}) and saves to disk ({(savesLog ? "append-only file" : "snapshots")}).");
    }

    private static async Task<bool> SavesSnapshotsAsync(IDatabase database, CancellationToken cancellation)
    {
        try
        {
            var save = (RedisResult[]?)await database.ExecuteAsync("CONFIG", "GET", "save").WaitAsync(cancellation);
            return save is not { Length: 2 } || !string.IsNullOrEmpty((string?)save[1]);
        }
        catch (RedisException)
        {
            // Services that others run do not tell, and save.
            return true;
        }
    }

    private static async Task<string> TextAsync(IDatabase database, CancellationToken cancellation, string command, string argument)
    {
        try
        {
            return (string?)await database.ExecuteAsync(command, argument).WaitAsync(cancellation) ?? "";
        }
        catch (RedisException)
        {
            return "";
        }
    }

    private static string? Line(string info, string name) =>
        info.Split('\n').FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.Ordinal))?[(name.Length + 1)..].Trim();
}
