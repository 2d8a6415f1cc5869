using Lucia.AgentHost.Tests.Support;
using YamlDotNet.RepresentationModel;

namespace Lucia.Deployment.Tests.Workflows;

/// <summary>A file of <c>.github</c> that GitHub runs: a workflow, or an action that workflows share.</summary>
internal sealed class Workflow
{
    private Workflow(string path)
    {
        Path = path;
        Text = File.ReadAllText(path);
        var stream = new YamlStream();
        stream.Load(new StringReader(Text));
        Root = (YamlMappingNode)stream.Documents[0].RootNode;
        Jobs = [.. Root.Map("jobs").Children.Select(job => new WorkflowJob(this, ((YamlScalarNode)job.Key).Value!, (YamlMappingNode)job.Value))];
    }

    public string Path { get; }

    /// <summary><c>ci.yml</c>.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    public string Text { get; }

    public YamlMappingNode Root { get; }

    public IReadOnlyList<WorkflowJob> Jobs { get; }

    /// <summary>What starts it: <c>push</c>, <c>pull_request</c> ...</summary>
    public YamlMappingNode Triggers => Root.Map("on");

    public WorkflowJob Job(string id) => Jobs.Single(job => job.Id == id);

    public static string Folder { get; } = System.IO.Path.Combine(Programs.Repository, ".github");

    public static IReadOnlyList<Workflow> All { get; } = [.. Directory.EnumerateFiles(System.IO.Path.Combine(Folder, "workflows"), "*.yml").Order().Select(path => new Workflow(path))];

    public static Workflow Named(string name) => All.Single(workflow => workflow.Name == name);

    public override string ToString() => Name;
}
