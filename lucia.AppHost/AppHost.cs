using Lucia.AppHost;

var builder = DistributedApplication.CreateBuilder(args);
var isRun = builder.ExecutionContext.IsRunMode;
var settings = builder.ReadSettings();
if (settings.ComplainOfProblems())
    return;

var agentHost = builder.AddProject<Projects.lucia_AgentHost>("agenthost", launchProfileName: null)
    .WithHttpEndpoint(port: isRun ? settings.Port : null)
    .WithExternalHttpEndpoints()
    .WithHttpHealthCheck("/health/ready");

// Sessions. Whoever has a Redis already names it and gets no second one.
if (!settings.HasRedis && builder.AddSessionStore("redis") is { } redis)
{
    agentHost
        .WithEnvironment("ConnectionStrings__redis", redis.Address)
        .WithEnvironment("Redis__Password", ReferenceExpression.Create($"{redis.Password}"))
        .WaitFor(redis.Resource);
}

// The models and the home: the user's own, and in a run the simulator for whatever is not configured.
if (settings.NeedsSimulator)
{
    var token = builder.AddParameter("simulator-access-token", new GenerateParameterDefault { Special = false }, secret: true, persist: true);
    var simulator = builder.AddProject<Projects.lucia_Simulator>("simulator", launchProfileName: null)
        .WithHttpEndpoint()
        .WithHttpHealthCheck("/alive")
        .WithEnvironment("Simulator__AccessToken", token);
    agentHost.WithReference(simulator).WithSimulated(settings, simulator.Resource.Name, token);
}

if (!settings.SimulatesChatModel)
    agentHost.WithEnvironment("ConnectionStrings__chat-model", builder.AddConnectionString("chat-model"));
if (settings.HasEmbeddingModel)
    agentHost.WithEnvironment("ConnectionStrings__embedding-model", builder.AddConnectionString("embedding-model"));
agentHost.WithSettings(settings);
builder.AddDeployment();

builder.Build().Run();
