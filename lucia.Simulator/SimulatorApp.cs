using Lucia.Simulator.Faults;
using Lucia.Simulator.Home;
using Lucia.Simulator.Model;

namespace Lucia.Simulator;

/// <summary>Puts the simulator together: one web application that is a home and a model.</summary>
/// <example>
/// In a test: <c>await using var simulator = await RunningSimulator.StartAsync();</c>
/// </example>
public static class SimulatorApp
{
    private const long MaxRequestBytes = 4 * 1024 * 1024;
    private const int MaxConnections = 256;

    /// <summary>Builds the application; the caller starts it.</summary>
    /// <param name="args">Command line, for example <c>--urls http://127.0.0.1:0</c>.</param>
    /// <exception cref="SettingsInvalid">A setting is missing or wrong.</exception>
    public static WebApplication Build(params string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        var settings = SimulatorSettings.Read(builder.Configuration);
        if (string.IsNullOrEmpty(builder.Configuration["urls"]))
            builder.WebHost.UseUrls(SimulatorSettings.DefaultUrl);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxRequestBytes;
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;
            kestrel.Limits.MaxConcurrentUpgradedConnections = MaxConnections;
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(3));
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);

        // A failed start is told in one line by the entry point, or thrown at who hosts it; the host's stack trace adds nothing.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);

        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<House>();
        builder.Services.AddSingleton<FaultBook>();

        var app = builder.Build();
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.FromSeconds(30) });
        Map(app, settings);
        return app;
    }

    private static void Map(WebApplication app, SimulatorSettings settings)
    {
        var time = app.Services.GetRequiredService<TimeProvider>();
        var house = app.Services.GetRequiredService<House>();
        var faults = app.Services.GetRequiredService<FaultBook>();
        var stopping = app.Lifetime.ApplicationStopping;
        var token = new AccessToken(settings.AccessToken);
        var journal = new Journal(time);
        var shopping = new ShoppingList();
        var services = new HomeAssistantServices(house, shopping, faults, journal, time, stopping);
        var sockets = new WebSocketApi(house, services, faults, token, stopping);

        app.MapGet("/alive", http => http.Response.WriteAsync("alive", http.RequestAborted));
        sockets.Map(app);
        new RestApi(house, services, faults, token).Map(app);
        new OpenAiApi(settings, faults, journal, token, time).Map(app);
        new ControlApi(house, shopping, faults, journal, sockets, token).Map(app);
        new HousePage(house).Map(app);
    }
}
