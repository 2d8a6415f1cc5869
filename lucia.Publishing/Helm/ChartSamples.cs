using Lucia.Publishing.Kubernetes;
using Lucia.Publishing.Plan;
using Lucia.Publishing.Text;

namespace Lucia.Publishing.Helm;

/// <summary><c>ci/*-values.yaml</c>: what must be given, and one way of use each.</summary>
internal sealed class ChartSamples(DeploymentPlan plan, ChartNames names, ChartValues values)
{
    public IEnumerable<(string Name, string Text)> All()
    {
        yield return ("default", Write("Nothing but what must be given.", static _ => { }));
        if (values.Secrets.Any())
            yield return ("existing-secret", Write("Secrets that somebody else made.", static _ => { }, existingSecret: true));
        foreach (var className in Overlays.Outside(plan).Any() ? ["nginx", "traefik"] : Array.Empty<string>())
            yield return ($"ingress-{className}", Write($"Users outside come in by {className}, with TLS.", map => AddIngress(map, className)));
        if (plan.Workloads.Any(static w => w.Scalable))
            yield return ("ha", Write("Two of everything that may run twice.", AddReplicas));
        if (plan.Workloads.Any(w => names.CanBeOutside(w)))
            yield return ("external", Write("What others run is not run again.", AddExternal));
        if (plan.Workloads.Any(static w => w.Optional))
            yield return ("optional", Write("Everything that is off by default.", AddOptional));
        yield return ("open-network", Write("No NetworkPolicies, and a Service of type LoadBalancer.", AddOpen));
    }

    private string Write(string about, Action<Dictionary<string, YamlMap>> vary, bool existingSecret = false)
    {
        var groups = plan.Workloads.ToDictionary(names.Key, static _ => new YamlMap());
        vary(groups);
        var map = new YamlMap();
        var settings = new YamlMap();
        foreach (var setting in KubernetesTarget.Settings(plan).Where(static s => s.Required))
            settings.Add(names.Key(setting), YamlScalar.Quoted(setting.Example ?? "example"));
        if (settings.Count > 0)
            map.Add("settings", settings);
        var secrets = new YamlMap();
        if (existingSecret)
            secrets.Add("existingSecret", "brought-along");
        else
        {
            foreach (var secret in values.Secrets.Where(static s => s.Required && s.Generate is null))
                secrets.Add(names.Key(secret), YamlScalar.Quoted(secret.Example ?? "an example & no secret"));
        }
        if (secrets.Count > 0)
            map.Add("secrets", secrets);
        foreach (var workload in plan.Workloads)
        {
            var group = groups[names.Key(workload)];
            if (workload.BindMounts.Count > 0)
            {
                var mounts = new YamlMap();
                foreach (var mount in workload.BindMounts)
                    mounts.Add(ChartNames.Key(mount.Name), $"{workload.Name}-{mount.Name}");
                group.Add("mounts", mounts);
            }
            if (group.Count > 0)
                map.Add(names.Key(workload), group);
        }
        if (about.StartsWith("No NetworkPolicies", StringComparison.Ordinal))
            map.Add("networkPolicy", new YamlMap { { "enabled", false } });
        return YamlText.Write(map, about);
    }

    private void AddIngress(Dictionary<string, YamlMap> groups, string className)
    {
        foreach (var (workload, _) in Overlays.Outside(plan))
        {
            groups[names.Key(workload)].Add("ingress", new YamlMap
            {
                { "host", Overlays.ExampleHost(plan, workload) },
                { "className", className },
                { "tls", new YamlMap { { "enabled", true } } },
                { "annotations", new YamlMap { { "cert-manager.io/cluster-issuer", "home" } } },
            });
        }
    }

    private void AddReplicas(Dictionary<string, YamlMap> groups)
    {
        foreach (var workload in plan.Workloads.Where(static w => w.Scalable))
            groups[names.Key(workload)].Add("replicas", 2);
    }

    private void AddExternal(Dictionary<string, YamlMap> groups)
    {
        foreach (var workload in plan.Workloads.Where(names.CanBeOutside))
        {
            groups[names.Key(workload)]
                .Add("enabled", false)
                .Add("external", new YamlMap { { "host", $"{workload.Name}.example.org" } });
        }
    }

    private void AddOptional(Dictionary<string, YamlMap> groups)
    {
        foreach (var workload in plan.Workloads.Where(static w => w.Optional))
            groups[names.Key(workload)].Add("enabled", true);
    }

    private void AddOpen(Dictionary<string, YamlMap> groups)
    {
        foreach (var workload in plan.Workloads)
        {
            if (workload.Endpoints.Any(static e => e.External))
                groups[names.Key(workload)].Add("service", new YamlMap { { "type", "LoadBalancer" }, { "sessionAffinity", "ClientIP" } });
            groups[names.Key(workload)].Add("extraEnv", new YamlMap { { "EXAMPLE", YamlScalar.Quoted("yes: it's") } });
        }
    }
}
