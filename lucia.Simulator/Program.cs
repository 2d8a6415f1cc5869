namespace Lucia.Simulator;

/// <summary>The entry point. A named class: the generated <c>Program</c> would clash with another one in a test that hosts both.</summary>
internal static class SimulatorProgram
{
    /// <summary>EX_CONFIG of sysexits.h.</summary>
    private const int ConfigurationError = 78;

    private static async Task<int> Main(string[] args)
    {
        WebApplication app;
        try
        {
            app = SimulatorApp.Build(args);
        }
        catch (SettingsInvalid invalid)
        {
            await Console.Error.WriteLineAsync(invalid.Message);
            return ConfigurationError;
        }

        await using (app)
        {
            try
            {
                await app.StartAsync();
            }
            catch (IOException taken)
            {
                await Console.Error.WriteLineAsync(taken.Message + " Set ASPNETCORE_URLS to an address with a free port.");
                return 1;
            }

            await app.WaitForShutdownAsync();
        }

        return 0;
    }
}
