#pragma warning disable ASPIRECERTIFICATES001 // Aspire marks its certificates as experimental.
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;

namespace Lucia.AppHost;

/// <summary>
/// Aspire runs Redis in a container or not at all: without a container engine it would wait for one for ever, and so would whatever waits for Redis.
/// So a run looks for an engine first, and for a server on this machine if there is none.
/// </summary>
internal static partial class HouseRedis
{
    private static readonly TimeSpan EnginePatience = TimeSpan.FromSeconds(10);

    /// <summary>Adds Redis; null, with a notice, for a run on a machine that has neither a container engine nor a Redis.</summary>
    internal static SessionStore? AddSessionStore(this IDistributedApplicationBuilder builder, string name)
    {
        if (builder.ExecutionContext.IsPublishMode || ContainerEngineAnswers(builder))
        {
            // The service reads a plain address: no developer certificate is put in front of it.
            var redis = AddContainerOrProcess(builder, name).WithoutHttpsCertificate();
            if (KeepsNothing(builder))
                redis.Resource.Annotations.Remove(redis.Resource.Annotations.OfType<ContainerMountAnnotation>().Single());
            return StoreOf(redis, redis.Resource.PrimaryEndpoint, redis.Resource.PasswordParameter!);
        }

        if ((OnPath("redis-server") ?? OnPath("valkey-server")) is { } program)
            return AddProcess(builder, name, program);
        Console.Error.WriteLine(
            "No container engine answers and there is no redis-server or valkey-server on PATH: conversations are kept in memory. "
            + "Start Docker or Podman, or install one: `apt install redis-server` (Debian, Ubuntu), `dnf install valkey` (Fedora, RHEL), `brew install redis` (macOS).");
        return null;
    }

    private static SessionStore AddProcess(IDistributedApplicationBuilder builder, string name, string program)
    {
        var scratch = KeepsNothing(builder) ? new ScratchDirectory() : null;
        var directory = Path.Combine(scratch?.Path ?? StateDirectory(builder), name);
        var configuration = Path.Combine(directory, "redis.conf");
        var password = builder.AddParameter($"{name}-password", new GenerateParameterDefault { MinLength = 22, Special = false }, secret: true);
        var process = builder.AddExecutable(name, program, builder.AppHostDirectory, configuration).WithEndpoint(name: "tcp", scheme: "redis");
        var endpoint = process.GetEndpoint("tcp");
        process.WithArgs("--port", endpoint.Property(EndpointProperty.TargetPort));

        string? secret = null;
        if (scratch is not null)
            builder.Services.AddSingleton(_ => scratch);
        builder.Eventing.Subscribe<BeforeResourceStartedEvent>(process.Resource, async (starting, cancellation) =>
        {
            // Asked for once, it is disposed of with the application.
            starting.Services.GetService<ScratchDirectory>();
            secret = await password.Resource.GetValueAsync(cancellation);
            WritePrivately(configuration, $"bind 127.0.0.1 -::1\ndir \"{directory}\"\ndaemonize no\n{Settings}requirepass \"{secret}\"\n");
        });
        builder.Services.AddHealthChecks().AddRedis(_ => $"{endpoint.Host}:{endpoint.Port},password={secret}", $"{name}_check");
        process.WithHealthCheck($"{name}_check");
        return StoreOf(process, endpoint, password.Resource);
    }

    /// <summary>The engines Aspire would use, asked as it asks them.</summary>
    private static bool ContainerEngineAnswers(IDistributedApplicationBuilder builder)
    {
        var chosen = builder.Configuration["ASPIRE_CONTAINER_RUNTIME"] ?? builder.Configuration["DOTNET_ASPIRE_CONTAINER_RUNTIME"];
        return (chosen is { Length: > 0 } ? [chosen] : new[] { "docker", "podman" }).Select(OnPath).OfType<string>().Any(Answers);
    }

    private static bool Answers(string program)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, ["container", "ls", "-n", "1"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (process.WaitForExit(EnginePatience))
            return process.ExitCode == 0;
        process.Kill(entireProcessTree: true);
        return false;
    }

    private static string? OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? program + ".exe" : program))
            .FirstOrDefault(File.Exists);

    /// <summary><c>--AppHost:DiscardState=true</c>: what is said in this run ends with it. Tests that run side by side ask for it.</summary>
    private static bool KeepsNothing(IDistributedApplicationBuilder builder) =>
        bool.TryParse(builder.Configuration["AppHost:DiscardState"], out var keepsNothing) && keepsNothing && builder.ExecutionContext.IsRunMode;

    /// <summary><c>--state-directory</c>, else a place of this project's own among the user's data.</summary>
    private static string StateDirectory(IDistributedApplicationBuilder builder)
    {
        if (builder.Configuration["state-directory"] is { Length: > 0 } given)
            return Path.GetFullPath(given);
        var project = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(builder.AppHostDirectory)))[..8];
        return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "lucia", $"apphost-{project}");
    }

    private static void WritePrivately(string file, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        }
        else
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var writer = new StreamWriter(file, options);
        writer.Write(text);
    }

    private sealed class ScratchDirectory : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("lucia-").FullName;

        public void Dispose()
        {
            try
            {
                Directory.Delete(Path, recursive: true);
            }
            catch (IOException)
            {
                // Redis is still writing its last; the system clears its temporary folder.
            }
        }
    }
}
