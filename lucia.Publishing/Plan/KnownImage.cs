namespace Lucia.Publishing.Plan;

/// <summary>What is known of an image that people run often: who it runs as, what it writes, how it tells its health.</summary>
/// <param name="Repository">Without registry and without <c>library/</c>.</param>
/// <param name="User">Numeric user the image is made for; null when it insists on root or is not known.</param>
/// <param name="Group">Numeric group.</param>
/// <param name="AlpineGroup">Group of its Alpine tags, where it differs.</param>
/// <param name="AlpineUser">User of its Alpine tags, where it differs.</param>
/// <param name="ReadOnlyRoot">It runs on a read-only root.</param>
/// <param name="Writable">Folders it writes besides its data.</param>
/// <param name="DataPaths">Where its data lies; memory when nothing is mounted there.</param>
/// <param name="Check">Health check inside the container.</param>
/// <param name="Memory">Limit it needs.</param>
/// <param name="Cpu">Limit.</param>
/// <param name="Size">Size of a volume.</param>
/// <param name="GraceSeconds">Time it takes to start.</param>
internal sealed record KnownImage(
    string Repository, int? User = null, int? Group = null, int? AlpineUser = null, int? AlpineGroup = null, bool ReadOnlyRoot = false,
    IReadOnlyList<string>? Writable = null, IReadOnlyList<string>? DataPaths = null, IReadOnlyList<string>? Check = null,
    string Memory = "512Mi", string Cpu = "1", string Size = "1Gi", int GraceSeconds = 30)
{
    // Each check was written for the image's own tools; a password comes from the environment, never from an argument.
    private static readonly KnownImage[] Table =
    [
        new("redis", 999, 999, AlpineGroup: 1000, ReadOnlyRoot: true, Writable: ["/tmp"], DataPaths: ["/data"],
            Check: Shell("REDISCLI_AUTH=\"$REDIS_PASSWORD\" redis-cli ping | grep -qx PONG")),
        new("redis/redis-stack-server", DataPaths: ["/data"], Check: Shell("REDISCLI_AUTH=\"$REDIS_PASSWORD\" redis-cli ping | grep -qx PONG")),
        new("valkey/valkey", 999, 999, AlpineGroup: 1000, ReadOnlyRoot: true, Writable: ["/tmp"], DataPaths: ["/data"],
            Check: Shell("REDISCLI_AUTH=\"$VALKEY_PASSWORD\" valkey-cli ping | grep -qx PONG")),
        new("microsoft/garnet", DataPaths: ["/data"]),
        new("postgres", 999, 999, AlpineUser: 70, AlpineGroup: 70, ReadOnlyRoot: true, Writable: ["/tmp", "/var/run/postgresql"],
            DataPaths: ["/var/lib/postgresql/data"], Check: Shell("pg_isready -q -h 127.0.0.1 -U \"${POSTGRES_USER:-postgres}\""), Size: "8Gi"),
        new("pgvector/pgvector", 999, 999, ReadOnlyRoot: true, Writable: ["/tmp", "/var/run/postgresql"],
            DataPaths: ["/var/lib/postgresql/data"], Check: Shell("pg_isready -q -h 127.0.0.1 -U \"${POSTGRES_USER:-postgres}\""), Size: "8Gi"),
        new("mysql", 999, 999, ReadOnlyRoot: true, Writable: ["/tmp", "/var/run/mysqld"], DataPaths: ["/var/lib/mysql"],
            Check: Shell("MYSQL_PWD=\"$MYSQL_ROOT_PASSWORD\" mysqladmin ping -h 127.0.0.1 -u root --silent"), Memory: "1Gi", Size: "8Gi", GraceSeconds: 60),
        new("mariadb", 999, 999, ReadOnlyRoot: true, Writable: ["/tmp", "/run/mysqld"], DataPaths: ["/var/lib/mysql"],
            Check: ["healthcheck.sh", "--connect", "--innodb_initialized"], Memory: "1Gi", Size: "8Gi", GraceSeconds: 60),
        new("mongo", 999, 999, ReadOnlyRoot: true, Writable: ["/tmp"], DataPaths: ["/data/db", "/data/configdb"],
            Check: Shell("HOME=/tmp mongosh --quiet --eval \"db.adminCommand('ping').ok\" | grep -qx 1"), Memory: "1Gi", Size: "8Gi"),
        new("rabbitmq", 999, 999, AlpineUser: 100, AlpineGroup: 101, ReadOnlyRoot: true, Writable: ["/tmp"], DataPaths: ["/var/lib/rabbitmq"],
            Check: ["rabbitmq-diagnostics", "-q", "ping"], Memory: "1Gi", Size: "2Gi", GraceSeconds: 60),
        new("keycloak/keycloak", 1000, 0, DataPaths: ["/opt/keycloak/data"],
            Check: ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9000 && printf 'GET /health/ready HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q ' 200 ' <&3"],
            Memory: "1536Mi", Cpu: "2", GraceSeconds: 120),
        new("mssql/server", 10001, 10001, DataPaths: ["/var/opt/mssql"],
            Check: Shell("SQLCMDPASSWORD=\"$MSSQL_SA_PASSWORD\" /opt/mssql-tools18/bin/sqlcmd -C -b -S 127.0.0.1 -U sa -Q 'SELECT 1' >/dev/null"),
            Memory: "3Gi", Cpu: "2", Size: "10Gi", GraceSeconds: 60),
        new("dotnet/nightly/yarp", 1654, 1654, ReadOnlyRoot: true, Writable: ["/tmp"]),
        new("dotnet/yarp", 1654, 1654, ReadOnlyRoot: true, Writable: ["/tmp"]),
        new("elasticsearch/elasticsearch", 1000, 0, DataPaths: ["/usr/share/elasticsearch/data"], Memory: "3Gi", Cpu: "2", Size: "10Gi", GraceSeconds: 60),
        new("qdrant/qdrant", DataPaths: ["/qdrant/storage"], Check: ["bash", "-c", ": >/dev/tcp/127.0.0.1/6333"], Memory: "1Gi", Size: "8Gi"),
        new("ollama/ollama", DataPaths: ["/root/.ollama"], Check: ["ollama", "list"], Memory: "12Gi", Cpu: "4", Size: "40Gi"),
        new("datalust/seq", DataPaths: ["/data"], Memory: "1Gi", Size: "8Gi"),
        new("memcached", 11211, 11211, ReadOnlyRoot: true, Writable: ["/tmp"]),
        new("dpage/pgadmin4", 5050, 0, DataPaths: ["/var/lib/pgadmin"]),
        new("prom/prometheus", 65534, 65534, ReadOnlyRoot: true, Writable: ["/tmp"], DataPaths: ["/prometheus"],
            Check: ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:9090/-/healthy"], Memory: "1Gi", Size: "8Gi"),
        new("grafana/grafana", 472, 0, DataPaths: ["/var/lib/grafana"],
            Check: ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:3000/api/health"]),
    ];

    /// <summary>A .NET project as the SDK makes an image of it: user <c>app</c>, nothing written but temporary files and keys in its home.</summary>
    public static KnownImage DotNetProject { get; } =
        new("", 1654, 1654, ReadOnlyRoot: true, Writable: ["/tmp", "/home/app"]);

    /// <summary>Every repository of the table, for the documentation.</summary>
    public static IEnumerable<string> Repositories => Table.Select(static k => k.Repository);

    /// <summary>What is known of an image reference, or null.</summary>
    public static KnownImage? Find(WorkloadImage image)
    {
        var repository = image.Repository;
        var slash = repository.IndexOf('/');
        if (slash > 0 && repository.AsSpan(0, slash).IndexOfAny('.', ':') >= 0)
            repository = repository[(slash + 1)..];
        if (repository.StartsWith("library/", StringComparison.Ordinal))
            repository = repository["library/".Length..];
        var known = Array.Find(Table, k => k.Repository == repository);
        if (known is null)
            return null;
        // PostgreSQL 18 moved its data one folder up (docker-library/postgres#1259).
        if (repository == "postgres" && int.TryParse(image.Tag.Split('.', '-')[0], out var major) && major >= 18)
            known = known with { DataPaths = ["/var/lib/postgresql"] };
        return image.Tag.Contains("alpine", StringComparison.Ordinal)
            ? known with { User = known.AlpineUser ?? known.User, Group = known.AlpineGroup ?? known.Group }
            : known;
    }

    private static string[] Shell(string command) => ["sh", "-c", command];
}
