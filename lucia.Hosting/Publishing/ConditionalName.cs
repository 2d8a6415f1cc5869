using System.Text;
using Aspire.Hosting.Building;

namespace Aspire.Hosting.Publishing;

/// <summary>
/// Names a conditional expression as Aspire's manifest does: <c>cond-</c>, the condition's placeholder in lower case with hyphens, and the
/// xxHash32 (seed 0, big-endian hexadecimal) of condition, both branches and the compared text.
/// </summary>
internal static class ConditionalName
{
    internal static string Of(IManifestExpressionProvider condition, string match, ReferenceExpression whenTrue, ReferenceExpression whenFalse)
    {
        var hash = XxHash32.Of(Encoding.UTF8.GetBytes(condition.ValueExpression + whenTrue.ValueExpression + whenFalse.ValueExpression + match));
        var words = condition.ValueExpression.ToLowerInvariant().Split(['{', '}', '.', '-', ' '], StringSplitOptions.RemoveEmptyEntries);
        return $"cond-{string.Join('-', words)}-{hash:x8}";
    }
}
