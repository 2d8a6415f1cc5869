using System.Net;

namespace Lucia.ServiceDefaults.Tests;

public sealed class DrainTests
{
    [Fact]
    public async Task Told_to_stop_it_is_not_ready_but_still_answers_until_balancers_have_noticed()
    {
        await using var service = await TestService.StartAsync(settings: ("Lucia:DrainSeconds", "20"));
        using var hurry = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

        var stopping = service.StopAsync(hurry.Token);
        using var ready = await service.GetAsync("/health/ready");
        using var answer = await service.GetAsync("/api/secret");

        ready.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        stopping.IsCompleted.ShouldBeFalse();
        await hurry.CancelAsync();
        await stopping.ContinueWith(static _ => { }, TaskScheduler.Default);
    }
}
