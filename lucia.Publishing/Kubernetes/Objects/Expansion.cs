using System.Text;

namespace Lucia.Publishing.Kubernetes.Objects;

/// <summary>
/// The <c>$(NAME)</c> syntax of container commands, arguments, exec probes and environment values (k8s.io/kubernetes/third_party/forked/golang/expansion):
/// <c>$$</c> is a dollar, <c>$(</c> begins a reference, any other <c>$</c> is itself.
/// </summary>
internal static class Expansion
{
    /// <summary>A text that expands to itself, whatever follows it.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            escaped.Append(text[i]);
            if (text[i] == '$' && (i + 1 == text.Length || text[i + 1] is '$' or '('))
                escaped.Append('$');
        }
        return escaped.ToString();
    }

    /// <summary>A reference to a variable that stands earlier in the same container.</summary>
    public static string Reference(string variable) => $"$({variable})";
}
