using System.Collections.Concurrent;
using Lucia.AgentHost.Tests.Support;
using Lucia.Simulator;
using Lucia.Simulator.Faults;

namespace Lucia.AgentHost.Tests.Chat;

/// <summary>The stream as proxies and browsers meet it, and what becomes of a turn whose listener leaves.</summary>
public sealed class EventStreamTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stream_is_neither_buffered_nor_stored_on_its_way()
    {
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);
        await using var lucia = await RunningLucia.StartAsync(LuciaUnderTest.With(simulator));

        var streamed = await lucia.StreamAsync("hello");

        streamed.Response.Content.Headers.ContentType!.ToString().ShouldBe("text/event-stream; charset=utf-8");
        streamed.Response.Headers.GetValues("X-Accel-Buffering").ShouldBe(["no"]);
        streamed.Response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var session = streamed.Of("session").ShouldHaveSingleItem().Json;
        session["agent"]!.GetValue<string>().ShouldBe("home");
        session["traceId"]!.GetValue<string>().ShouldBe(streamed.Done["traceId"]!.GetValue<string>());
    }

    [Fact]
    public async Task Comments_keep_the_connection_open_while_the_model_thinks()
    {
        var release = new TaskCompletionSource();
        await using var model = await ModelRecorder.StartAsync(async (context, _) =>
        {
            await release.Task.WaitAsync(context.RequestAborted);
            await ModelRecorder.SayAsync(context, "Here I am.");
        });
        await using var lucia = await RunningLucia.StartAsync(new() { ChatModel = model.Connection("openai-compatible"), Hurry = 50 });

        using var response = await lucia.OpenStreamAsync("Take your time", null, null, Cancellation);
        List<StreamedEvent> events = [];
        await foreach (var happened in StreamedEvent.ReadAsync(await response.Content.ReadAsStreamAsync(Cancellation), Cancellation))
        {
            events.Add(happened);
            if (events.Count(comment => comment.Name is null) == 2) release.TrySetResult();
        }

        events.Select(happened => happened.Name).Distinct().ShouldBe(["session", null, "delta", "done"]);
        events.Where(comment => comment.Name is null).ShouldAllBe(comment => comment.Text == "waiting");
    }

    [Fact]
    public async Task What_was_said_before_the_listener_left_is_kept()
    {
        var left = new TaskCompletionSource();
        await using var model = await ModelRecorder.StartAsync(async (context, _) =>
        {
            await ModelRecorder.StreamAsync(context, ModelRecorder.Chunk("Half a sentence"));
            await using var leaving = context.RequestAborted.Register(left.SetResult);
            await left.Task.WaitAsync(Cancellation);
        });
        await using var lucia = await RunningLucia.StartAsync(new() { ChatModel = model.Connection("openai-compatible") });

        await LeaveAfterAsync(lucia, "Tell me", "left-early", "delta");

        await left.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        await Eventually.TrueAsync(async () => await lucia.SessionAsync("left-early") is not null, "the turn is kept");
        (await lucia.SessionAsync("left-early"))!.Turns.ShouldHaveSingleItem().Assistant.ShouldBe("Half a sentence");
    }

    [Fact]
    public async Task What_was_asked_of_the_home_when_the_listener_left_is_confirmed_and_kept()
    {
        await using var simulator = await RunningSimulator.StartAsync(cancel: Cancellation);
        await using var lucia = await RunningLucia.StartAsync(LuciaUnderTest.With(simulator));
        simulator.Faults.Add(new Fault(FaultKind.HomeHang) { Count = 1, Milliseconds = 400 });
        using var leaving = new CancellationTokenSource();

        using var response = await lucia.OpenStreamAsync("Turn on the kitchen ceiling light", "left-in-the-act", null, leaving.Token);
        await Eventually.TrueAsync(() => simulator.Faults.Pending.Count == 0, "the call has reached the home");
        await leaving.CancelAsync();
        response.Dispose();

        await Eventually.TrueAsync(async () => await lucia.SessionAsync("left-in-the-act") is not null, "the turn is kept");
        (await lucia.SessionAsync("left-in-the-act"))!.Turns.ShouldHaveSingleItem().Actions.ShouldHaveSingleItem().Success.ShouldBeTrue();
        simulator.House.State("light.kitchen_ceiling")!.State.ShouldBe("on");
    }

    [Fact]
    public async Task A_listener_who_leaves_leaves_no_error_behind()
    {
        var unobserved = new ConcurrentQueue<string>();
        void Note(object? sender, UnobservedTaskExceptionEventArgs happened) => unobserved.Enqueue(happened.Exception.ToString());
        TaskScheduler.UnobservedTaskException += Note;
        try
        {
            await using var simulator = await RunningSimulator.StartAsync(tokensPerSecond: 50, cancel: Cancellation);
            await using var lucia = await RunningLucia.StartAsync(LuciaUnderTest.With(simulator));

            for (var number = 0; number < 5; number++) await LeaveAfterAsync(lucia, "help", $"gone-{number}", number % 2 == 0 ? "delta" : "session");
            simulator.Faults.Add(new Fault(FaultKind.ModelCutOff));
            for (var number = 5; number < 8; number++) await LeaveAfterAsync(lucia, "help", $"gone-{number}", "session");
            simulator.Faults.Clear();
            (await lucia.ChatAsync("hello")).Response.ShouldNotBeEmpty();
            await Eventually.TrueAsync(async () => await lucia.SessionAsync("gone-0") is not null, "the first turn is kept");

            lucia.Log.Lines.ShouldNotContain(line => line.StartsWith("Error", StringComparison.Ordinal));
        }
        finally
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            TaskScheduler.UnobservedTaskException -= Note;
        }

        unobserved.ShouldNotContain(exception => exception.Contains("Lucia.AgentHost.Chat", StringComparison.Ordinal) || exception.Contains("Lucia.AgentHost.Models", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_question_back_needs_input()
    {
        await using var model = await ModelRecorder.StartAsync((context, _) => ModelRecorder.SayAsync(context, "Which lamp do you mean?"));
        await using var lucia = await RunningLucia.StartAsync(new() { ChatModel = model.Connection("openai-compatible") });

        (await lucia.StreamAsync("The lamp")).Done["needsInput"]!.GetValue<bool>().ShouldBeTrue();
        (await lucia.ChatAsync("The lamp")).NeedsInput.ShouldBeTrue();
    }

    private static async Task LeaveAfterAsync(RunningLucia lucia, string message, string sessionId, string name)
    {
        using var response = await lucia.OpenStreamAsync(message, sessionId, null, Cancellation);
        await foreach (var happened in StreamedEvent.ReadAsync(await response.Content.ReadAsStreamAsync(Cancellation), Cancellation))
            if (happened.Name == name) break;
    }
}
