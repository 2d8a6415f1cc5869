using Aspire.Hosting.Building;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Pipelines;

internal sealed class PipelineOutputService(IConfiguration configuration, string appHostDirectory) : IPipelineOutputService
{
    public string GetOutputDirectory() => configuration[CommandLine.OutputPathKey] is { } given
        ? Path.GetFullPath(given)
        : Path.Combine(appHostDirectory, "aspire-output");

    public string GetOutputDirectory(IResource resource) => Path.Combine(GetOutputDirectory(), resource.Name);
}
