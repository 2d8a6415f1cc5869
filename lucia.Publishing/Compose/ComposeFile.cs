using Lucia.Publishing.Plan;
using Lucia.Publishing.Text;

namespace Lucia.Publishing.Compose;

/// <summary>Writes <c>docker-compose.yml</c>.</summary>
internal sealed class ComposeFile(DeploymentPlan plan, ComposeNames names, SecretStore secrets)
{
    public string Write()
    {
        var service = new ComposeService(plan, names, secrets);
        var services = new YamlMap();
        foreach (var workload in plan.Workloads)
        {
            if (services.Count > 0)
                services.AddComment("");
            services.Add(workload.Name, service.Write(workload), workload.Description);
        }
        var document = new YamlMap().AddComment("").Add("name", plan.Name).AddComment("").Add("services", services);
        AddNetworks(document);
        AddVolumes(document);
        AddFiles(document);
        return YamlText.Write(document, Header());
    }

    private IEnumerable<string> Header()
    {
        if (plan.Description is { } description)
            yield return description;
        yield return "Made by lucia-publish; changes belong into .env and docker-compose.override.yml, which publishing again leaves alone.";
        yield return "  ./setup.sh                   makes .env and secrets/";
        yield return "  docker compose up -d --wait  starts everything";
    }

    private void AddNetworks(YamlMap document)
    {
        var networks = new YamlMap
        {
            { ComposeService.InternalNetwork, new YamlMap { { "internal", true } }, "Between the services; nothing gets out or in." },
        };
        if (UsesEdge(plan))
            networks.Add(ComposeService.EdgeNetwork, new YamlMap { { "driver", "bridge" } }, "Published ports, and calls to addresses outside.");
        document.AddComment("").Add("networks", networks);
    }

    /// <summary>Whether some service publishes a port or calls outside.</summary>
    public static bool UsesEdge(DeploymentPlan plan) => plan.Workloads.Any(w => ComposeService.UsesEdge(plan, w));

    private void AddVolumes(YamlMap document)
    {
        var volumes = new YamlMap();
        foreach (var volume in plan.Workloads.SelectMany(static w => w.Volumes).DistinctBy(static v => v.Name))
            volumes.Add(volume.Name, new YamlMap(), volume.Description);
        if (volumes.Count > 0)
            document.AddComment("").Add("volumes", volumes);
    }

    private void AddFiles(YamlMap document)
    {
        var configs = new YamlMap();
        foreach (var workload in plan.Workloads)
        {
            foreach (var (name, path) in workload.Files.Where(SecretStore.IsKnown).Select(f => names.Config(workload, f)))
                configs.Add(name, new YamlMap { { "file", "./" + path } });
        }
        if (configs.Count > 0)
            document.AddComment("").Add("configs", configs);

        var files = new YamlMap();
        foreach (var key in secrets.MountedKeys)
            files.Add(key, new YamlMap { { "file", "./secrets/" + key } });
        if (files.Count > 0)
            document.AddComment("").Add("secrets", files, "Files, because values from the environment cannot be mounted on a read-only root.");
    }
}
