using Lucia.AgentHost.Chat;
using Lucia.AgentHost.Models;

namespace Lucia.AgentHost.Tests.Chat;

public sealed class ToolCallReaderTests
{
    private static readonly HashSet<string> Tools = ["find_entities", "control_light"];

    [Theory]
    [InlineData("""{"state":"on"}""", """{"state":"on"}""")]
    [InlineData("""{"state":"on",}""", """{"state":"on",}""")]
    [InlineData("""Sure! {"state":"on"} Done.""", """{"state":"on"}""")]
    [InlineData("```json\n{\"state\":\"on\"}\n```", """{"state":"on"}""")]
    [InlineData("{'state':'on','confirmed':True}", """{"state":"on","confirmed":true}""")]
    [InlineData("""
        "{\"state\":\"on\"}"
        """, """{"state":"on"}""")]
    [InlineData("", "{}")]
    [InlineData("  ", "{}")]
    public void Arguments_are_mended_where_the_intention_is_plain(string written, string expected) =>
        ToolCallReader.Arguments(written).ShouldNotBeNull().GetRawText().ShouldBe(expected);

    [Theory]
    [InlineData("""{"state":"on""")]
    [InlineData("turn it on")]
    [InlineData("[1,2]")]
    [InlineData("""{"name": "it's", 'state': 'on'}""")]
    public void Arguments_that_could_mean_anything_are_not_guessed(string written) => ToolCallReader.Arguments(written).ShouldBeNull();

    [Theory]
    [InlineData("""{"name":"control_light","arguments":{"state":"on"}}""", 1)]
    [InlineData("""{"name":"control_light","parameters":{"state":"on"}}""", 1)]
    [InlineData("""<tool_call>{"name":"find_entities","arguments":{}}</tool_call>""", 1)]
    [InlineData("<tool_call>\n{\"name\":\"find_entities\",\"arguments\":{}}\n</tool_call>\n<tool_call>\n{\"name\":\"control_light\",\"arguments\":{}}\n</tool_call>", 2)]
    [InlineData("""[TOOL_CALLS][{"name":"control_light","arguments":{"state":"on"}}]""", 1)]
    [InlineData("```json\n{\"function\":{\"name\":\"control_light\",\"arguments\":\"{\\\"state\\\":\\\"on\\\"}\"}}\n```", 1)]
    [InlineData("""{"name":"rm_rf","arguments":{}}""", 0)]
    [InlineData("""{"answer":42}""", 0)]
    [InlineData("The light is on.", 0)]
    public void Calls_printed_as_text_are_recognised_by_their_tool(string said, int calls) => ToolCallReader.Printed(said, Tools).Count.ShouldBe(calls);

    [Fact]
    public void A_printed_call_keeps_its_arguments()
    {
        var call = ToolCallReader.Printed("""{"name":"control_light","arguments":{"state":"on"}}""", Tools).ShouldHaveSingleItem();

        call.Name.ShouldBe("control_light");
        call.AdditionalProperties![OpenAIMessages.RawArguments].ShouldBe("""{"state":"on"}""");
    }

    [Theory]
    [InlineData("{", "")]
    [InlineData("  {\"na", "")]
    [InlineData("<tool", "")]
    [InlineData("```", "")]
    [InlineData("", "")]
    [InlineData(" \n", "")]
    [InlineData("The", "The")]
    [InlineData("<b>", "<b>")]
    [InlineData("One moment. <tool_call>{}", "One moment. ")]
    [InlineData("One moment.\n  {\"name\"", "One moment.\n  ")]
    [InlineData("One moment. <too", "One moment. ")]
    [InlineData("It is {lit}.", "It is {lit}.")]
    [InlineData("Lamps: [1] and [2].", "Lamps: [1] and [2].")]
    public void Text_is_shown_up_to_where_it_may_become_a_call(string begun, string shown) => begun[..ToolCallReader.Showable(begun, 0)].ShouldBe(shown);
}
