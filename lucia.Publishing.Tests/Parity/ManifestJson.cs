using System.Text.Json;
using Lucia.Publishing.Plan;

namespace Lucia.Publishing.Tests.Parity;

/// <summary>
/// What the manifest's JSON asks of an output, read without the publisher's own reader and plan: what those lose is missing from all outputs alike,
/// and in no account that is made of the plan.
/// </summary>
internal sealed class ManifestJson
{
    private static readonly string[] Types = ["container.v0", "container.v1", "dockerfile.v0", "project.v0", "project.v1", "executable.v0"];

    // No project has a certificate, so it is told of no https port.
    private static readonly string[] CertificatePorts = ["HTTPS_PORTS", "ASPNETCORE_HTTPS_PORTS", "DOTNET_HTTPS_PORTS"];

    private readonly JsonElement _resources;
    private readonly JsonElement? _profile;

    public ManifestJson(string manifest)
    {
        using var document = JsonDocument.Parse(manifest);
        _resources = document.RootElement.GetProperty("resources").Clone();
        _profile = _resources.EnumerateObject().Select(static r => (JsonElement?)r.Value).FirstOrDefault(static r => Text(r, "type") == "lucia.deployment.v0");
    }

    /// <summary>The workloads, variables and bindings that an output lacks.</summary>
    /// <param name="plan">The plan of the target; only exceptions are asked with it.</param>
    /// <param name="said">What the output says.</param>
    public IReadOnlyList<string> Missing(DeploymentPlan plan, TargetFacts said)
    {
        var missing = new List<string>();
        foreach (var resource in _resources.EnumerateObject().Where(r => Types.Contains(Text(r.Value, "type")) && Text(Member(r.Value, "build"), "buildOnly") != "true"))
        {
            var profile = Member(Member(_profile, "workloads"), resource.Name);
            if (Member(profile, "targets") is { } targets && targets.EnumerateArray().All(t => t.GetString() != said.Target))
                continue;
            var label = Naming.Label(resource.Name);
            if (!said.Workloads.TryGetValue(label, out var facts))
            {
                missing.Add($"{said.Target}: {label} is missing");
                continue;
            }
            var workload = plan.Workloads.FirstOrDefault(w => w.ResourceName == resource.Name);
            missing.AddRange(Asked(resource, profile).Where(fact => !IsSaid(fact) && !IsLeftOut(fact)).Select(f => $"{said.Target}: {label}: {f.Kind}: lacks {f.Name} of the manifest{(f.Value == "" ? "" : ", " + f.Value)}"));

            // A secret may arrive as a variable or as a file of its name.
            bool IsSaid(Fact fact) => facts.Any(f => f.Name == fact.Name && (f.Kind == fact.Kind && (f.Kind != FactKind.Port || f.Value == fact.Value)
                || (fact.Kind == FactKind.Environment && f.Kind == FactKind.Secret)));
            bool IsLeftOut(Fact fact) => workload is not null
                && ParityException.All.Any(e => e.Applies(said.Target, workload) && e.LeftOut?.Invoke(plan, workload, fact) == true);
        }
        return missing;
    }

    private static IEnumerable<Fact> Asked(JsonProperty resource, JsonElement? profile)
    {
        var isProject = Text(resource.Value, "type")!.StartsWith("project.", StringComparison.Ordinal);
        var variables = Members(Member(resource.Value, "env")).Concat(Members(Member(profile, "environment"))).Concat(Members(Member(profile, "settings"))).Select(static v => v.Name);
        foreach (var name in variables.Distinct().Where(n => !isProject || !CertificatePorts.Contains(n)))
            yield return new Fact(FactKind.Environment, name, "");

        var bindings = Members(Member(resource.Value, "bindings")).ToList();
        foreach (var binding in bindings)
        {
            // Those that share a port are one, by the name of the first: two of one target port, or an https binding without a port of its own.
            var first = bindings.First(b => b.Name == binding.Name || (Text(b.Value, "protocol") == Text(binding.Value, "protocol")
                && (Text(b.Value, "targetPort") is { } port ? port == Text(binding.Value, "targetPort") : IsHttps(binding) && !HasPort(binding) && Text(b.Value, "scheme") == "http")));
            var name = $"{{{resource.Name}.bindings.{first.Name}}}";
            yield return new Fact(FactKind.Port, name, "");
            if ((Text(Member(Member(profile, "endpoints"), binding.Name), "external") ?? Text(binding.Value, "external")) == "true")
                yield return new Fact(FactKind.Port, name, "outside");
        }
    }

    private static bool IsHttps(JsonProperty binding) => Text(binding.Value, "scheme") == "https";

    private static bool HasPort(JsonProperty binding) => Text(binding.Value, "targetPort") is not null;

    private static IEnumerable<JsonProperty> Members(JsonElement? element) => element is { ValueKind: JsonValueKind.Object } map ? map.EnumerateObject() : [];

    private static JsonElement? Member(JsonElement? element, string name) =>
        element is { ValueKind: JsonValueKind.Object } map && map.TryGetProperty(name, out var member) ? member : null;

    private static string? Text(JsonElement? element, string name) => Member(element, name) is { } member ? member.ValueKind switch
    {
        JsonValueKind.String => member.GetString(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => member.GetRawText(),
    } : null;
}
