namespace Lucia.Publishing.Tests.Parity;

/// <summary>What each target says of every workload is what the manifest says, but for the exceptions that have a reason.</summary>
public sealed class ParityTests
{
    public static TheoryData<string, string> Outputs => ParitySample.All;

    [Theory, MemberData(nameof(Outputs))]
    public async Task The_output_read_back_says_what_the_manifest_says(string sample, string target) =>
        (await ParitySample.Of(sample).DifferencesAsync(target)).ShouldBeEmpty();
}
