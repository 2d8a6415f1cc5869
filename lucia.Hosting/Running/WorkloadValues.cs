namespace Aspire.Hosting.Running;

/// <summary>What the annotations of a resource say about its environment and arguments, before values are resolved.</summary>
internal static class WorkloadValues
{
    internal static async Task<IReadOnlyDictionary<string, object>> VariablesAsync(
        IResource resource, DistributedApplicationExecutionContext execution, CancellationToken cancellationToken)
    {
        var context = new EnvironmentCallbackContext(execution, resource, cancellationToken: cancellationToken);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>().ToArray())
            await annotation.Callback(context);
        return context.EnvironmentVariables;
    }

    internal static async Task<IReadOnlyList<object>> ArgumentsAsync(
        IResource resource, DistributedApplicationExecutionContext execution, CancellationToken cancellationToken)
    {
        List<object> arguments = [];
        var context = new CommandLineArgsCallbackContext(arguments, resource, cancellationToken) { ExecutionContext = execution };
        foreach (var annotation in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>().ToArray())
            await annotation.Callback(context);
        return arguments;
    }

    internal static async ValueTask<string?> TextAsync(object value, CancellationToken cancellationToken) => value switch
    {
        string text => text,
        IValueProvider provider => await provider.GetValueAsync(cancellationToken),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()
    };
}
