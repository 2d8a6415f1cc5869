using Lucia.AgentHost.Tests.Support;

namespace Lucia.AgentHost.Tests.Operation;

/// <summary>The service as a process of its own, as deployments run it.</summary>
internal sealed class LuciaProcess : IDisposable
{
    public const string Key = "canary-key-of-the-process";

    private LuciaProcess(ChildProcess process, Uri address)
    {
        Process = process;
        Http = new() { BaseAddress = address, DefaultRequestHeaders = { Authorization = new("Bearer", Key) } };
    }

    public ChildProcess Process { get; }

    public HttpClient Http { get; }

    private static string Program => Path.Combine(AppContext.BaseDirectory, "lucia.AgentHost.dll");

    /// <summary>Starts it and waits until it is ready.</summary>
    public static async Task<LuciaProcess> StartAsync(string chatModel, params (string Name, string Value)[] environment)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        var process = Start([], chatModel, [("ASPNETCORE_URLS", address.AbsoluteUri), .. environment]);
        var lucia = new LuciaProcess(process, address);
        await process.UntilAsync(() => lucia.IsReadyAsync(), TestContext.Current.CancellationToken);
        return lucia;
    }

    /// <summary>Starts its program with arguments.</summary>
    public static ChildProcess Start(IEnumerable<string> arguments, string chatModel, params (string Name, string Value)[] environment) => ChildProcess.Start(
        "dotnet",
        [Program, .. arguments],
        environment: [("ConnectionStrings__chat_model", chatModel), ("Auth__ApiKey", Key), ("DOTNET_ENVIRONMENT", "Production"), ("JOURNAL_STREAM", ""), ("NOTIFY_SOCKET", ""),
            ("DOTNET_RUNNING_IN_CONTAINER", ""), ("KUBERNETES_SERVICE_HOST", ""), .. environment]);

    public async Task<bool> IsReadyAsync()
    {
        try
        {
            using var response = await Http.GetAsync("/health/ready", TestContext.Current.CancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        Http.Dispose();
        Process.Dispose();
    }
}
