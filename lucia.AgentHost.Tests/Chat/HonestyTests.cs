using Lucia.AgentHost.Chat;

namespace Lucia.AgentHost.Tests.Chat;

public sealed class HonestyTests
{
    private static readonly ChatAction Confirmed = new("control_light", "light.a", "Lamp A", true, null, "on");
    private static readonly ChatAction Failed = new("control_light", "light.b", "Lamp B", false, "Lamp B did not report on.", "off");

    [Theory]
    [InlineData("Done! The kitchen light is on.")]
    [InlineData("I've turned on the kitchen light.")]
    [InlineData("I have just switched it off.")]
    [InlineData("The lights have been dimmed.")]
    [InlineData("The lamp is now on.")]
    [InlineData("Ich habe das Licht eingeschaltet.")]
    [InlineData("Erledigt.")]
    public void A_claim_without_any_call_is_corrected(string answer) =>
        Honesty.Correction(answer, [], nothingRead: true).ShouldNotBeNull().ShouldContain("Nothing was changed");

    [Theory]
    [InlineData("Hello! How can I help?")]
    [InlineData("Which light do you mean?")]
    [InlineData("I could not find such a light.")]
    [InlineData("I can turn lights on and off.")]
    public void Words_that_claim_nothing_are_left_alone(string answer) => Honesty.Correction(answer, [], nothingRead: true).ShouldBeNull();

    [Fact]
    public void An_answer_about_what_was_read_is_left_alone() => Honesty.Correction("The lamp is now on.", [], nothingRead: false).ShouldBeNull();

    [Theory]
    [InlineData("Done!")]
    [InlineData("I have turned on the kitchen light.")]
    [InlineData("Ich habe das Licht eingeschaltet.")]
    public void A_claim_of_a_deed_is_corrected_also_when_something_was_looked_up(string answer) =>
        Honesty.Correction(answer, [], nothingRead: false).ShouldNotBeNull().ShouldContain("Nothing was changed");

    [Fact]
    public void What_the_home_did_not_confirm_is_said_whatever_the_model_says() =>
        Honesty.Correction("Both lamps are on.", [Confirmed, Failed], nothingRead: false).ShouldBe("Not confirmed by the home: Lamp B did not report on.");

    [Fact]
    public void A_failure_that_a_second_attempt_mended_is_not_mentioned() =>
        Honesty.Correction("On.", [Failed, Failed with { Success = true, Error = null, State = "on" }], nothingRead: false).ShouldBeNull();
}
