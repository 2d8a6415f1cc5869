using System.Text;
using Lucia.Publishing.Plan;
using Lucia.Publishing.Text;

namespace Lucia.Publishing.Kubernetes.Objects;

/// <summary>The part of a README that tells how the images of a plan that no registry has are built and pushed.</summary>
internal static class ImageCommands
{
    private const string Registry = "registry.example.org";

    /// <summary>The name an image has in the registry of the examples, without its tag.</summary>
    public static string Name(WorkloadImage image) => $"{Registry}/{image.Repository.Split('/')[^1]}";

    /// <summary>Appends a paragraph and a block of commands; nothing when there is nothing to build.</summary>
    public static void Append(StringBuilder text, DeploymentPlan plan)
    {
        if (plan.Builds.Count == 0)
            return;
        text.Append($"\nA cluster pulls images from a registry. Build and push them with yours in place of `{Registry}`, in the folder of the Aspire manifest:\n\n```sh\n");
        // An image that others copy from has to be there first.
        foreach (var build in plan.Builds.OrderBy(static b => b.BuildOnly ? 0 : 1))
            text.Append(Command(build));
        text.Append("```\n");
    }

    private static string Command(ImageBuild build)
    {
        var image = new WorkloadImage(build.Image, build.Variable);
        var name = $"{Name(image)}:{image.Tag}";
        switch (build.Kind)
        {
            // The SDK builds and pushes: https://learn.microsoft.com/dotnet/core/containers/sdk-publish
            case BuildKind.Project:
                return $"dotnet publish {Path(build.Project)} --configuration Release --os linux -t:PublishContainer \\\n"
                    + $"  -p:ContainerRegistry={Registry} -p:ContainerRepository={image.Repository.Split('/')[^1]} -p:ContainerImageTag={image.Tag}\n";
            case BuildKind.Dockerfile:
                var options = new StringBuilder($"--file {Path(build.Dockerfile)}");
                if (build.Stage is { } stage)
                    options.Append($" --target {ShellText.Quote(stage)}");
                foreach (var (argument, value) in build.Args)
                    options.Append($" --build-arg {ShellText.Quote(argument)}{Value(value)}");
                foreach (var secret in build.Secrets)
                    options.Append($" --secret id={ShellText.Quote(secret.Id)},{(secret.SourceFile is { } file ? $"src={Path(file)}" : $"env={ShellText.Quote(Naming.ShellSafe(secret.Id))}")}");
                var command = $"docker build --tag {(build.BuildOnly ? build.Image : name)} \\\n  {options} {Path(build.Context)}\n";
                return build.BuildOnly ? command : $"{command}docker push {name}\n";
            default:
                return $"# {build.ResourceName}: nothing says how; build it yourself as {name} and push it.\n";
        }
    }

    // An argument without a value is the environment's; one that a person has to bring is left open.
    private static string Value(Expressions.ValueExpression? value) =>
        value is null ? "" : value.Parts is [Expressions.LiteralPart literal] ? "=" + ShellText.Quote(literal.Text) : "=…";

    private static string Path(string? path) => path is null or "" ? "." : ShellText.Quote(path.Replace('\\', '/'));
}
