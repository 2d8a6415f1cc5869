using Lucia.AgentHost.Tests.Support;

namespace Lucia.Deployment.Tests.Docs;

/// <summary>The real service as a process, with nothing but a folder of secrets to go by.</summary>
internal sealed class RunningService : IDisposable
{
    /// <summary>Its program, as it was built for these tests.</summary>
    public static readonly string Program = Path.Combine(Programs.Repository, "lucia.AgentHost", "bin", "Debug", "net10.0", "lucia.AgentHost.dll");

    private readonly ChildProcess _process;

    private RunningService(ChildProcess process, HttpClient http) => (_process, Http) = (process, http);

    /// <summary>A caller with the key.</summary>
    public HttpClient Http { get; }

    /// <summary>What it has logged.</summary>
    public string Log => _process.Output;

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <param name="folder">Where the secrets are written.</param>
    /// <param name="secrets">Content by file name; <c>Auth__ApiKey</c> is one of them.</param>
    public static async Task<RunningService> StartAsync(DirectoryInfo folder, IReadOnlyDictionary<string, string> secrets)
    {
        var cancellation = TestContext.Current.CancellationToken;
        foreach (var (name, content) in secrets) await File.WriteAllTextAsync(Path.Combine(folder.FullName, name), content, cancellation);
        var address = $"http://127.0.0.1:{FreePort.Next()}";
        var process = ChildProcess.Start(
            "dotnet", [Program],
            environment: [("Lucia__SecretsDirectory", folder.FullName), ("ASPNETCORE_URLS", address), ("DOTNET_ENVIRONMENT", "Production")]);
        var service = new RunningService(process, new HttpClient { BaseAddress = new Uri(address), DefaultRequestHeaders = { Authorization = new("Bearer", secrets["Auth__ApiKey"]) } });
        try
        {
            await process.UntilAsync(() => service.IsReadyAsync(cancellation), cancellation);
            return service;
        }
        catch
        {
            service.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Http.Dispose();
        _process.Dispose();
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellation)
    {
        try
        {
            using var answer = await Http.GetAsync("/health/ready", cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
