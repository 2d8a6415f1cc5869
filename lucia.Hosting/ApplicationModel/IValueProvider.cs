namespace Aspire.Hosting.ApplicationModel;

/// <summary>Something whose value is known when the application runs.</summary>
public interface IValueProvider
{
    /// <summary>The value, or null when there is none.</summary>
    ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default);
}

/// <summary>Something the manifest names by a placeholder such as <c>{redis.bindings.tcp.port}</c>.</summary>
public interface IManifestExpressionProvider
{
    /// <summary>The placeholder, braces included.</summary>
    string ValueExpression { get; }
}

/// <summary>A value of the running application that the manifest can name too.</summary>
public interface IExpressionValue : IValueProvider, IManifestExpressionProvider;

/// <summary>A value that is made of other values or resources.</summary>
public interface IValueWithReferences
{
    /// <summary>What the value refers to directly: resources or other values.</summary>
    IEnumerable<object> References { get; }
}

internal static class ValueReferences
{
    /// <summary>Every resource a value reaches through any number of expressions, and beyond the resources themselves unless told not to.</summary>
    internal static IEnumerable<IResource> Resources(object? value) => Resources(value, throughResources: true);

    internal static IEnumerable<IResource> Resources(object? value, bool throughResources)
    {
        HashSet<object> seen = [];
        Stack<object> open = [];
        if (value is not null)
            open.Push(value);
        while (open.TryPop(out var next))
        {
            if (!seen.Add(next))
                continue;
            if (next is IResource resource)
                yield return resource;
            if (next is IValueWithReferences composed && (throughResources || next is not IResource))
            {
                foreach (var reference in composed.References)
                    open.Push(reference);
            }
        }
    }
}
