using Lucia.Publishing.Tests.Parity;
using YamlDotNet.RepresentationModel;

namespace Lucia.Publishing.Tests.Kubernetes;

/// <summary>A key of a Secret that some pod reads.</summary>
/// <param name="Secret">The Secret's name.</param>
/// <param name="Key">The key.</param>
/// <param name="Optional">Whether the pod starts without it.</param>
internal sealed record PodSecrets(string Secret, string Key, bool Optional)
{
    /// <summary>Every key that the pods of Deployments and StatefulSets read, in variables and in volumes.</summary>
    public static IEnumerable<PodSecrets> Of(IEnumerable<YamlNode> objects) =>
        objects.Where(static o => o.Text("kind") is "Deployment" or "StatefulSet").Select(static o => o.At("spec", "template", "spec")).SelectMany(static pod =>
            pod.Items("containers").SelectMany(static c => c.Items("env")).Select(static e => e.At("valueFrom", "secretKeyRef")).OfType<YamlNode>()
                .Select(static r => new PodSecrets(r.Text("name")!, r.Text("key")!, IsOptional(r)))
            .Concat(pod.Items("volumes").SelectMany(static v => v.Items("projected", "sources").Select(static s => s.At("secret")).Append(v.At("secret"))).OfType<YamlNode>()
                .SelectMany(static s => s.Items("items").Select(i => new PodSecrets((s.Text("name") ?? s.Text("secretName"))!, i.Text("key")!, IsOptional(s))))));

    private static bool IsOptional(YamlNode source) => source.Text("optional") == "true";
}
