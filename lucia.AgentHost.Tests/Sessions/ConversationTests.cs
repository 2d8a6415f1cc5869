using Lucia.AgentHost.Sessions;

namespace Lucia.AgentHost.Tests.Sessions;

public sealed class ConversationTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Two_copies_that_grew_apart_merge_by_union_in_order_of_time()
    {
        var left = new Conversation("s", [Turn("a", 0), Turn("b", 2)]);
        var right = new Conversation("s", [Turn("a", 0), Turn("c", 1)]);

        left.Merge(right, 20).Turns.Select(turn => turn.Id).ShouldBe(["a", "c", "b"]);
        right.Merge(left, 20).Turns.Select(turn => turn.Id).ShouldBe(["a", "c", "b"]);
    }

    [Fact]
    public void Merging_again_changes_nothing()
    {
        var merged = new Conversation("s", [Turn("a", 0)]).Merge(new Conversation("s", [Turn("b", 1)]), 20);

        merged.Merge(new Conversation("s", [Turn("b", 1)]), 20).Turns.ShouldBe(merged.Turns);
    }

    [Fact]
    public void Only_the_newest_turns_are_kept() =>
        new Conversation("s", [.. Enumerable.Range(0, 30).Select(number => Turn($"t{number:00}", number))])
            .Merge(Conversation.Empty("s"), 20).Turns.Select(turn => turn.Id).ShouldBe(Enumerable.Range(10, 20).Select(number => $"t{number:00}"));

    [Fact]
    public void What_was_forgotten_does_not_come_back_with_an_old_copy_but_a_new_turn_counts()
    {
        var old = new Conversation("s", [Turn("a", 0), Turn("b", 1)]);
        var forgotten = old.Forget(Start.AddMinutes(5));

        forgotten.Merge(old, 20).Turns.ShouldBeEmpty();
        old.Merge(forgotten, 20).Merge(new Conversation("s", [Turn("c", 6)]), 20).Turns.Select(turn => turn.Id).ShouldBe(["c"]);
    }

    internal static Turn Turn(string id, int minute) => new(id, Start.AddMinutes(minute), "user " + id, "answer " + id, "home", [], [], []);
}
