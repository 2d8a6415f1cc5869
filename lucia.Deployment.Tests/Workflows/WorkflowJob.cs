using YamlDotNet.RepresentationModel;

namespace Lucia.Deployment.Tests.Workflows;

/// <summary>One job of a workflow.</summary>
internal sealed record WorkflowJob(Workflow Workflow, string Id, YamlMappingNode Node)
{
    public IReadOnlyList<string> Needs => Node.Texts("needs");

    /// <summary>The workflow that it calls instead of having steps.</summary>
    public string? Uses => Node.Text("uses");

    public string Condition => Node.Text("if") ?? "";

    public IReadOnlyList<YamlMappingNode> Steps => Node.Children.TryGetValue("steps", out var steps) ? [.. ((YamlSequenceNode)steps).Cast<YamlMappingNode>()] : [];

    /// <summary>The command lines of its steps.</summary>
    public IReadOnlyList<string> Commands => [.. Steps.Select(step => step.Text("run")).OfType<string>()];

    /// <summary>Whether anything in it names this.</summary>
    public bool Mentions(string text) => Node.AllScalars().Any(scalar => scalar.Contains(text, StringComparison.Ordinal));

    /// <summary>All jobs that have to pass before it starts.</summary>
    public IReadOnlySet<string> AllNeeds
    {
        get
        {
            var all = new HashSet<string>();
            var open = new Queue<string>(Needs);
            while (open.TryDequeue(out var id))
                if (all.Add(id))
                    foreach (var next in Workflow.Job(id).Needs) open.Enqueue(next);
            return all;
        }
    }

    public override string ToString() => $"{Workflow.Name}, job {Id}";
}
