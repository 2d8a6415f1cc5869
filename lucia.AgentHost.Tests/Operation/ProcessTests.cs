using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Lucia.AgentHost.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Lucia.AgentHost.Tests.Operation;

/// <summary>How the service behaves as a process: its end, its log, its commands.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lucia-process-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task An_answer_that_is_being_written_when_it_is_told_to_stop_is_finished()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM");
        var goOn = new TaskCompletionSource();
        await using var model = await ModelRecorder.StartAsync(async (context, _) =>
        {
            await ModelRecorder.StreamAsync(context, ModelRecorder.Chunk("Once upon"));
            await goOn.Task;
            await context.Response.WriteAsync($$"""
                data: {{ModelRecorder.Chunk(" a time.")}}

                data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

                data: [DONE]


                """);
        });
        var socket = Path.Combine(_folder.FullName, "notify");
        using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        systemd.Bind(new UnixDomainSocketEndPoint(socket));
        using var lucia = await LuciaProcess.StartAsync(model.Connection("openai-compatible"), ("Lucia__DrainSeconds", "3"), ("NOTIFY_SOCKET", socket));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/chat")
        {
            Content = JsonContent.Create(new { message = "Tell me a story" }),
            Headers = { Accept = { new("text/event-stream") } },
        };
        using var response = await lucia.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        var events = StreamedEvent.ReadAsync(await response.Content.ReadAsStreamAsync(Cancellation), Cancellation).GetAsyncEnumerator(Cancellation);
        do (await events.MoveNextAsync()).ShouldBeTrue();
        while (events.Current.Name != "delta");

        lucia.Process.Terminate();

        // Load balancers are told at once, and who asks all the same is still answered.
        await Eventually.TrueAsync(async () => !await lucia.IsReadyAsync(), "it says that it is not ready");
        using (var other = await lucia.Http.GetAsync("/api/agents", Cancellation)) other.StatusCode.ShouldBe(HttpStatusCode.OK);
        await Eventually.TrueAsync(async () => await IsClosedAsync(lucia), "it accepts nothing more");
        lucia.Process.HasExited.ShouldBeFalse();
        goOn.SetResult();
        List<string> rest = [];
        while (await events.MoveNextAsync()) rest.Add(events.Current.Name);
        rest.ShouldContain("done");
        (await lucia.Process.EndAsync(Cancellation)).ShouldBe(0, lucia.Process.Output);
        (await ToldAsync(systemd)).ShouldBe(["READY=1", "STOPPING=1"]);
    }

    [Fact]
    public async Task In_a_container_every_line_is_json_and_under_systemd_every_line_has_a_level()
    {
        using var container = await LuciaProcess.StartAsync(NoModel, ("DOTNET_RUNNING_IN_CONTAINER", "true"), ("Redis__Passwrd", "x"));
        using var unit = await LuciaProcess.StartAsync(NoModel, ("Logging__Console__FormatterName", "systemd"), ("Redis__Passwrd", "x"));
        await Eventually.TrueAsync(() => container.Process.Output.Contains("Listening", StringComparison.Ordinal) && unit.Process.Output.Contains("Listening", StringComparison.Ordinal), "it listens");

        var lines = container.Process.Output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        lines.ShouldContain(line => line.GetProperty("level").GetString() == "warn" && line.GetProperty("message").GetString()!.Contains("Redis__Passwrd"));
        lines.ShouldContain(line => line.GetProperty("level").GetString() == "info" && line.GetProperty("message").GetString()!.StartsWith("Listening"));
        var entries = unit.Process.Output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        entries.ShouldAllBe(entry => entry[0] == '<' && entry[2] == '>');
        entries.ShouldContain(entry => entry.StartsWith("<4>Redis__Passwrd"));
        entries.ShouldContain(entry => entry.StartsWith("<6>Listening"));
    }

    [Theory]
    [InlineData("doctor")]
    [InlineData("--doctor")]
    public async Task The_doctor_is_a_verb_and_an_option_and_tells_by_its_exit_code(string verb)
    {
        using var doctor = LuciaProcess.Start([verb, "--json"], NoModel);
        using var wrong = LuciaProcess.Start([verb], "");
        using var unknown = LuciaProcess.Start([verb, "--jsn"], NoModel);

        (await doctor.EndAsync(Cancellation)).ShouldBe(1);
        (await wrong.EndAsync(Cancellation)).ShouldBe(78);
        (await unknown.EndAsync(Cancellation)).ShouldBe(2);
        JsonDocument.Parse(doctor.Output).RootElement.GetProperty("exitCode").GetInt32().ShouldBe(1);
        foreach (var output in new[] { doctor.Output, wrong.Output }) output.ShouldNotContain(LuciaProcess.Key);
    }

    private const string NoModel = "Endpoint=http://127.0.0.1:9/v1;Model=m;Provider=openai-compatible";

    private static async Task<bool> IsClosedAsync(LuciaProcess lucia)
    {
        try
        {
            using var fresh = new HttpClient();
            using var response = await fresh.GetAsync(new Uri(lucia.Http.BaseAddress!, "/alive"), Cancellation);
            return false;
        }
        catch (HttpRequestException)
        {
            return true;
        }
    }

    private static async Task<List<string>> ToldAsync(Socket systemd)
    {
        List<string> told = [];
        var buffer = new byte[64];
        while (systemd.Available > 0) told.Add(Encoding.UTF8.GetString(buffer, 0, await systemd.ReceiveAsync(buffer, Cancellation)));
        return told;
    }
}
