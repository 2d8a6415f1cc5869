using Lucia.Publishing.Kubernetes.Objects;
using Lucia.Publishing.Plan;
using Lucia.Publishing.Text;

namespace Lucia.Publishing.Helm;

/// <summary><c>Chart.yaml</c>, <c>values.yaml</c> and <c>values.dev.yaml</c>.</summary>
internal sealed class ChartFiles(DeploymentPlan plan, ChartNames names, IReadOnlyList<ChartValue> all)
{
    public string Chart()
    {
        var images = new YamlList(plan.Workloads.DistinctBy(static w => w.Image.Reference).Select(static w => new YamlMap
        {
            { "name", w.Name }, { "image", w.Image.Reference },
        }));
        var annotations = new YamlMap
        {
            { "artifacthub.io/images", YamlText.Write(images) },
            { "artifacthub.io/prerelease", YamlScalar.Quoted(plan.Version.Contains('-') ? "true" : "false") },
        };
        if (plan.Url is { } link)
        {
            annotations.Add("artifacthub.io/links", YamlText.Write(new YamlList(new YamlMap { { "name", "Home page" }, { "url", link } })));
        }
        var chart = new YamlMap
        {
            { "apiVersion", "v2" },
            { "name", plan.Name },
            { "description", plan.Description ?? "An Aspire application." },
            { "type", "application" },
            { "version", plan.Version },
            { "appVersion", YamlScalar.Quoted(plan.Version) },
            { "kubeVersion", YamlScalar.Quoted(">=1.28.0-0") },
        };
        if (plan.Url is { } url)
            chart.Add("home", url).Add("sources", YamlList.Of([url]));
        chart.Add("keywords", YamlList.Of(["aspire", plan.Name]));
        return YamlText.Write(chart.Add("annotations", annotations), "Made by lucia-publish; publishing again replaces it.");
    }

    public string Values()
    {
        var map = new YamlMap();
        foreach (var value in all)
        {
            map.AddComment("");
            value.AddTo(map);
        }
        return YamlText.Write(
            map, $"The values of {plan.Name}. Put yours into values.local.yaml, which publishing leaves alone:",
            $"helm upgrade --install {plan.Name} . -f values.local.yaml");
    }

    public string Development()
    {
        var map = new YamlMap().AddComment("");
        var settings = new YamlMap();
        foreach (var (parameter, value) in plan.Workloads.SelectMany(w => DevelopmentSettings.Of(plan, w)).DistinctBy(static s => s.Parameter.Name))
            settings.Add(names.Key(parameter), YamlScalar.Quoted(value));
        if (settings.Count > 0)
            map.Add("settings", settings);
        foreach (var workload in plan.Workloads)
        {
            var own = new YamlMap
            {
                {
                    "resources", new YamlMap
                    {
                        {
                            "requests", new YamlMap
                            {
                                { "cpu", YamlScalar.Quoted("10m") }, { "memory", YamlScalar.Quoted(Quantity.Smaller("64Mi", workload.Limits.Memory)!) },
                            }
                        },
                    }
                },
            };
            var environment = new YamlMap();
            foreach (var (name, value) in DevelopmentSettings.Others(plan, workload))
                environment.Add(name, YamlScalar.Quoted(value));
            if (environment.Count > 0)
                own.Add("extraEnv", environment);
            map.Add(names.Key(workload), own);
        }
        return YamlText.Write(map, $"For development: helm upgrade --install {plan.Name} . -f values.dev.yaml");
    }
}
