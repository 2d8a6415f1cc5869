using System.Text;
using Lucia.Publishing.Kubernetes;
using Lucia.Publishing.Kubernetes.Objects;
using Lucia.Publishing.Plan;

namespace Lucia.Publishing.Helm;

/// <summary><c>NOTES.txt</c>: what to do after installing.</summary>
internal sealed class ChartNotes(DeploymentPlan plan, ChartNames names, HelmDialect dialect, ChartValues values)
{
    public string Write()
    {
        var text = new StringBuilder($$$"""
            {{{dialect.Escape(plan.Name)}}} {{ .Chart.AppVersion }} is installed as {{ .Release.Name }} in the namespace {{ .Release.Namespace }}.

            Wait for it:

            """);
        foreach (var workload in plan.Workloads.Where(w => !names.HasSwitch(w)))
        {
            var kind = StorageObjects.IsStatefulSet(plan, workload) ? "statefulset" : "deployment";
            text.Append($"  kubectl -n {{{{ .Release.Namespace }}}} rollout status {kind}/{{{{ {names.Runner(workload)} }}}}\n");
        }
        foreach (var (workload, endpoint) in Overlays.Outside(plan).Where(static o => !o.Workload.Optional))
        {
            var path = names.Values(workload);
            text.Append($$$"""

                {{- if {{{path}}}.ingress.host }}

                {{{workload.Name}}} is at {{ ternary "https" "http" {{{path}}}.ingress.tls.enabled }}://{{ {{{path}}}.ingress.host }}{{ {{{path}}}.ingress.path }}
                {{- else if ne {{{path}}}.service.type "ClusterIP" }}

                {{{workload.Name}}} is at its Service, of the type {{ {{{path}}}.service.type }}. Find its address by

                  kubectl -n {{ .Release.Namespace }} get service {{ {{{names.Component(workload.Name)}}} }}
                {{- else }}

                {{{workload.Name}}} is not open to users outside. Reach it from this machine at http://localhost:{{{endpoint.HostPort}}} by

                  kubectl -n {{ .Release.Namespace }} port-forward service/{{ {{{names.Component(workload.Name)}}} }} {{{endpoint.HostPort}}}:{{{ServicePorts.For(workload, endpoint).Port}}}

                or set {{{names.Key(workload)}}}.ingress.host.
                {{- end }}

                """);
        }
        foreach (var (workload, endpoints) in OutsideComponent.Of(plan).Where(static o => !o.Workload.Optional))
        {
            var path = names.Values(workload);
            var ports = string.Join(", ", endpoints.Select(e => ServicePorts.For(workload, e)).Select(static p => $"{p.Name} {p.Port}/{p.Endpoint.Protocol}"));
            text.Append($$$"""

                {{- if eq {{{path}}}.service.type "ClusterIP" }}

                {{{workload.Name}}} ({{{ports}}}) is not open to users outside. Set {{{names.Key(workload)}}}.service.type to LoadBalancer or NodePort for that.
                {{- else }}

                {{{workload.Name}}} ({{{ports}}}) is at its Service, of the type {{ {{{path}}}.service.type }}. Find its address by

                  kubectl -n {{ .Release.Namespace }} get service {{ {{{names.Component(workload.Name)}}} }}
                {{- end }}

                """);
        }
        var generated = values.Secrets.Where(static s => s.Generate is not null).Select(s => (s.Key, Condition: names.MakesItself(s))).ToList();
        if (generated.Count > 0)
        {
            // A heading with no line below it would puzzle.
            var shown = "not .Values.secrets.existingSecret";
            if (generated.TrueForAll(static s => s.Condition is not null))
                shown = $"and ({shown}) (or {string.Join(' ', generated.Select(static s => $"({s.Condition})"))})";
            text.Append($"\n{{{{- if {shown} }}}}\n\nGenerated unless you gave them, and kept over upgrades; read one by\n\n");
            foreach (var (key, condition) in generated)
            {
                var line = $"  kubectl -n {{{{ .Release.Namespace }}}} get secret {{{{ include \"{names.Chart}.secretName\" . }}}} -o go-template='{{{{`{{{{index .data \"{key}\" | base64decode}}}}`}}}}'\n";
                text.Append(condition is null ? line : $"{{{{ if {condition} }}}}{line}{{{{ end }}}}");
            }
            text.Append("{{- end }}\n");
        }
        if (plan.Workloads.Any(w => ChartTest.Of(plan, w) is not null))
            text.Append("\nCheck it: helm test -n {{ .Release.Namespace }} {{ .Release.Name }}\n");
        return text.ToString();
    }
}
