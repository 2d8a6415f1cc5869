using System.Text.Json;
using Aspire.Hosting.Building;
using Aspire.Hosting.Pipelines;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Publishing;

/// <summary>The pipeline step that writes the manifest.</summary>
internal static class ManifestStep
{
    internal const string Name = "publish-manifest";
    internal const string FileName = "aspire-manifest.json";

    internal static async Task RunAsync(PipelineStepContext context)
    {
        var output = context.Services.GetRequiredService<IConfiguration>()[CommandLine.OutputPathKey]
            ?? throw new DistributedApplicationException("The manifest needs a place: give --output-path FILE.json or --output-path DIRECTORY.");
        var path = Path.GetFullPath(output.EndsWith(".json", StringComparison.Ordinal) ? output : Path.Combine(output, FileName));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);

        // Written beside and moved, so that an error leaves a former manifest as it was.
        var draft = path + ".draft";
        try
        {
            await using (var stream = new FileStream(draft, FileMode.Create))
            await using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
                await new ManifestPublishingContext(context.ExecutionContext, path, writer, context.CancellationToken).WriteModelAsync(context.Model);
            File.Move(draft, path, overwrite: true);
        }
        finally
        {
            File.Delete(draft);
        }

        context.Logger.LogInformation("The manifest is at {ManifestPath}", path);
    }
}
