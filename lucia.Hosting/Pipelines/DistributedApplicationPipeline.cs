namespace Aspire.Hosting.Pipelines;

/// <inheritdoc/>
internal sealed class DistributedApplicationPipeline : IDistributedApplicationPipeline
{
    private readonly Dictionary<string, Step> _steps = new(StringComparer.OrdinalIgnoreCase)
    {
        [WellKnownPipelineSteps.Publish] = new(WellKnownPipelineSteps.Publish, _ => Task.CompletedTask, [])
    };

    private readonly List<(string Part, string Whole)> _parts = [];

    internal IEnumerable<string> Names => _steps.Keys;

    public void AddStep(string name, Func<PipelineStepContext, Task> action, object? dependsOn = null, object? requiredBy = null)
    {
        if (!_steps.TryAdd(name, new Step(name, action, [.. NamesIn(dependsOn)])))
            throw new DistributedApplicationException($"Two pipeline steps are named '{name}'.");
        _parts.AddRange(NamesIn(requiredBy).Select(whole => (name, whole)));
    }

    /// <summary>The steps a step needs, and itself last.</summary>
    /// <exception cref="DistributedApplicationException">A step is not there, or needs itself.</exception>
    internal IReadOnlyList<Step> OrderFor(string name)
    {
        foreach (var (part, whole) in _parts.Where(p => !_steps.ContainsKey(p.Whole)))
            throw Unknown(whole, $"'{part}' is required by it");
        List<Step> order = [];
        Visit(name, [], "--step asks for it");
        return order;

        void Visit(string wanted, IReadOnlyList<string> path, string reason)
        {
            if (!_steps.TryGetValue(wanted, out var step))
                throw Unknown(wanted, reason);
            if (path.Contains(step.Name))
                throw new DistributedApplicationException($"The pipeline steps {string.Join(" -> ", path.Append(step.Name))} need each other.");
            if (order.Contains(step))
                return;
            foreach (var needed in step.DependsOn.Concat(_parts.Where(p => string.Equals(p.Whole, step.Name, StringComparison.OrdinalIgnoreCase)).Select(p => p.Part)))
                Visit(needed, [.. path, step.Name], $"'{step.Name}' depends on it");
            order.Add(step);
        }
    }

    private DistributedApplicationException Unknown(string name, string reason) =>
        new($"The pipeline step '{name}' is unknown ({reason}); there are: {string.Join(", ", _steps.Keys.Order(StringComparer.Ordinal))}.");

    private static IEnumerable<string> NamesIn(object? names) => names switch
    {
        null => [],
        string name => [name],
        IEnumerable<string> several => several,
        _ => throw new ArgumentException($"A step is named by a string or strings, not by {names.GetType().Name}.", nameof(names))
    };

    internal sealed record Step(string Name, Func<PipelineStepContext, Task> Action, IReadOnlyList<string> DependsOn);
}
