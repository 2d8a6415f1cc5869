using System.Text;
using Lucia.Publishing.Expressions;
using Lucia.Publishing.Kubernetes.Objects;
using Lucia.Publishing.Manifest;
using Lucia.Publishing.Plan;

namespace Lucia.Publishing.Helm;

/// <summary><c>_helpers.tpl</c>: names, labels, images, addresses and the secrets of one rendering.</summary>
internal sealed class ChartHelpers(DeploymentPlan plan, ChartNames names, ChartValues values)
{
    public string Write()
    {
        var text = new StringBuilder(Names());
        foreach (var workload in plan.Workloads.Where(names.CanBeOutside))
            text.Append(Address(workload));
        if (values.Secrets.Any())
            text.Append(Secrets());
        return text.ToString();
    }

    /// <summary>An expression that joins a value from the secrets of this rendering and the values.</summary>
    public string Join(ValueExpression value)
    {
        var parts = value.Parts.Select(part => part switch
        {
            LiteralPart literal => Quote(literal.Text),
            ParameterPart parameter => Parameter(parameter),
            EndpointPart { Property: EndpointProperty.Host } host => $"({names.Host(plan.Workload(host.Workload))})",
            EndpointPart { Property: EndpointProperty.Port } port => $"({names.Port(plan.Workload(port.Workload), plan.Endpoint(port))})",
            EndpointPart { Property: EndpointProperty.TargetPort } port => $"\"{plan.Endpoint(port).TargetPort}\"",
            EndpointPart { Property: EndpointProperty.Scheme } scheme => Quote(plan.Endpoint(scheme).Scheme),
            EndpointPart tls => plan.Endpoint(tls).Scheme == "https" ? "\"True\"" : "\"False\"",
            ImagePart image => $"(include \"{names.Chart}.image\" {names.Values(plan.Workload(image.Workload))}.image)",
            _ => throw new InvalidOperationException($"Unknown part {part}."),
        });
        return $"print {string.Join(' ', parts)}";
    }

    private string Parameter(ParameterPart part)
    {
        var parameter = plan.Parameter(part.Name);
        var value = parameter.IsSecret ? $"get $secrets \"{parameter.Key}\"" : names.Setting(parameter);
        // urlquery is a form's encoding: RFC 3986 but for the space.
        return part.UriEncoded ? $"({value} | urlquery | replace \"+\" \"%20\")" : $"({value})";
    }

    private string Names() => $$$"""
        {{- /* Names, labels and secrets that the templates share. `list $ "component"` is their argument. */ -}}

        {{- define "{{{names.Chart}}}.name" -}}
        {{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
        {{- end }}

        {{- define "{{{names.Chart}}}.fullname" -}}
        {{- $name := include "{{{names.Chart}}}.name" . -}}
        {{- if .Values.fullnameOverride -}}
        {{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
        {{- else if contains $name .Release.Name -}}
        {{- .Release.Name | trunc 40 | trimSuffix "-" -}}
        {{- else -}}
        {{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" -}}
        {{- end -}}
        {{- end }}

        {{- /* The name of an object of the release, of 63 characters unless a third argument says fewer. What is cut off counts by its hash. */ -}}
        {{- define "{{{names.Chart}}}.component" -}}
        {{- $longest := 63 -}}
        {{- if gt (len .) 2 -}}
        {{- $longest = index . 2 -}}
        {{- end -}}
        {{- $name := printf "%s-%s" (include "{{{names.Chart}}}.fullname" (index . 0)) (index . 1) -}}
        {{- if gt (len $name) $longest -}}
        {{- printf "%s-%s" ($name | trunc (sub $longest 9 | int) | trimSuffix "-") ($name | sha256sum | trunc 8) -}}
        {{- else -}}
        {{- $name -}}
        {{- end -}}
        {{- end }}

        {{- /* Labels that select one component of one release; all of its pods without a component. */ -}}
        {{- define "{{{names.Chart}}}.selector" -}}
        {{- $root := index . 0 -}}
        app.kubernetes.io/name: {{ include "{{{names.Chart}}}.name" $root }}
        app.kubernetes.io/instance: {{ $root.Release.Name }}
        {{- with index . 1 }}
        app.kubernetes.io/component: {{ . }}
        {{- end }}
        {{- end }}

        {{- /* Labels of pods: those that no new version changes, as a pod is replaced when its own labels change. */ -}}
        {{- define "{{{names.Chart}}}.podLabels" -}}
        {{- $root := index . 0 -}}
        {{ include "{{{names.Chart}}}.selector" . }}
        app.kubernetes.io/part-of: {{ include "{{{names.Chart}}}.name" $root }}
        app.kubernetes.io/managed-by: {{ $root.Release.Service }}
        {{- end }}

        {{- define "{{{names.Chart}}}.labels" -}}
        {{- $root := index . 0 -}}
        {{ include "{{{names.Chart}}}.podLabels" . }}
        app.kubernetes.io/version: {{ $root.Chart.AppVersion | replace "+" "_" | quote }}
        helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
        {{- end }}

        {{- /* A value as text, also where it was written as a number or a flag; JSON keeps large numbers from becoming 1e+06. */ -}}
        {{- define "{{{names.Chart}}}.text" -}}
        {{- if kindIs "string" . -}}
        {{- . -}}
        {{- else if not (kindIs "invalid" .) -}}
        {{- toJson . -}}
        {{- end -}}
        {{- end }}

        {{- /* Repository with digest or tag. */ -}}
        {{- define "{{{names.Chart}}}.image" -}}
        {{- if .digest -}}
        {{- printf "%s@%s" .repository .digest -}}
        {{- else if .tag -}}
        {{- printf "%s:%s" .repository .tag -}}
        {{- else -}}
        {{- .repository -}}
        {{- end -}}
        {{- end }}

        """;

    private string Address(Workload workload)
    {
        var path = names.Values(workload);
        // What is off unless asked for need not be anywhere: variables that name it are left out, and in other texts it has the name it would have.
        var elsewhere = workload.Optional
            ? $"default ({names.Component(workload.Name)}) {path}.external.host"
            : $"required \"{names.Key(workload)}.external.host: say where {workload.Name} is, as {names.Key(workload)}.enabled is false\" {path}.external.host";
        var text = new StringBuilder($$$"""

            {{- /* Where {{{workload.Name}}} is: in the release, or outside. */ -}}
            {{- define "{{{names.Chart}}}.{{{workload.Name}}}.host" -}}
            {{- if {{{path}}}.enabled -}}
            {{- {{{names.Component(workload.Name)}}} -}}
            {{- else -}}
            {{- {{{elsewhere}}} -}}
            {{- end -}}
            {{- end }}

            """);
        foreach (var port in ServicePorts.Of(workload))
        {
            text.Append($$$"""

                {{- define "{{{names.Chart}}}.{{{workload.Name}}}.port.{{{port.Name}}}" -}}
                {{- if {{{path}}}.enabled -}}{{{port.Port}}}{{- else -}}{{- int {{{path}}}.external.ports.{{{ChartNames.Key(port.Name)}}} -}}{{- end -}}
                {{- end }}

                """);
        }
        return text.ToString();
    }

    private string Secrets()
    {
        var text = new StringBuilder($$$"""

            {{- define "{{{names.Chart}}}.secretName" -}}
            {{- default (include "{{{names.Chart}}}.component" (list . "secrets")) .Values.secrets.existingSecret -}}
            {{- end }}

            {{- /*
            The secrets of this rendering as JSON, by key: what is given, else what the cluster has, else a generated value. They are kept beside the
            values, so that every template sees the same generated one. Nothing is read from the cluster by `helm template`.
            */ -}}
            {{- define "{{{names.Chart}}}.secrets" -}}
            {{- if not (hasKey .Values "{{{ChartNames.ComputedSecrets}}}") -}}
            {{- $given := .Values.secrets -}}
            {{- $stored := dict -}}
            {{- with lookup "v1" "Secret" .Release.Namespace (include "{{{names.Chart}}}.secretName" .) -}}
            {{- $stored = .data | default dict -}}
            {{- end -}}
            {{- $secrets := dict -}}

            """);
        foreach (var secret in values.Secrets)
            text.Append(Secret(secret));
        return text.Append($$$"""
            {{- $_ := set .Values "{{{ChartNames.ComputedSecrets}}}" $secrets -}}
            {{- end -}}
            {{- toJson (get .Values "{{{ChartNames.ComputedSecrets}}}") -}}
            {{- end }}

            {{- /* Changes when one of these secrets does. */ -}}
            {{- define "{{{names.Chart}}}.secretsChecksum" -}}
            {{- $root := index . 0 -}}
            {{- if $root.Values.secrets.existingSecret -}}
            {{- $root.Values.secrets.existingSecret | sha256sum -}}
            {{- else -}}
            {{- $secrets := include "{{{names.Chart}}}.secrets" $root | fromJson -}}
            {{- $used := dict -}}
            {{- range rest . -}}
            {{- $_ := set $used . (get $secrets .) -}}
            {{- end -}}
            {{- toJson $used | sha256sum -}}
            {{- end -}}
            {{- end }}

            """).ToString();
    }

    private string Secret(PlanParameter secret)
    {
        // A file given by --set-file ends in a new line, which is no part of the secret.
        var given = $"($given.{names.Key(secret)} | trimSuffix \"\\n\")";
        var stored = $"(get $stored \"{secret.Key}\" | b64dec)";
        string expression;
        if (secret.Generate is { } recipe)
        {
            var made = $"coalesce {given} {stored} ({Generate(recipe)})";
            expression = names.MakesItself(secret) is { } condition ? $"ternary ({made}) {given} ({condition})" : made;
        }
        else if (secret.Required)
        {
            var about = (secret.Description ?? $"The parameter '{secret.Name}'.").ReplaceLineEndings(" ");
            expression = $"required {Quote($"secrets.{names.Key(secret)}: {about}")} (coalesce {given} {stored})";
        }
        else
        {
            expression = given;
        }
        return $"{{{{- $_ := set $secrets \"{secret.Key}\" ({expression}) -}}}}\n";
    }

    // Minima first, then the rest of the allowed kinds; the order of kinds gives nothing away.
    private static string Generate(GenerateRecipe recipe)
    {
        var parts = new List<string>();
        var left = recipe.MinLength;
        void Add(int count, string expression)
        {
            if (count <= 0)
                return;
            parts.Add(expression);
            left -= count;
        }
        Add(recipe.Lower ? recipe.MinLower : 0, $"(randAlpha {recipe.MinLower} | lower)");
        Add(recipe.Upper ? recipe.MinUpper : 0, $"(randAlpha {recipe.MinUpper} | upper)");
        Add(recipe.Numeric ? recipe.MinNumeric : 0, $"(randNumeric {recipe.MinNumeric})");
        Add(recipe.Special ? recipe.MinSpecial : 0, $"(repeat {recipe.MinSpecial} \"-\")");
        Add(left, (recipe.Lower, recipe.Upper, recipe.Numeric) switch
        {
            (true, true, true) => $"(randAlphaNum {left})",
            (true, true, false) => $"(randAlpha {left})",
            (true, false, true) => $"(randAlphaNum {left} | lower)",
            (false, true, true) => $"(randAlphaNum {left} | upper)",
            (true, false, false) => $"(randAlpha {left} | lower)",
            (false, true, false) => $"(randAlpha {left} | upper)",
            (false, false, true) => $"(randNumeric {left})",
            _ => $"(repeat {left} \"-\")",
        });
        return $"print {string.Join(' ', parts)}";
    }

    /// <summary>A text as a string of Go's template language.</summary>
    public static string Quote(string text) => "\"" + text.Replace("\\", @"\\").Replace("\"", "\\\"").Replace("\n", "\\n").Replace("\r", "\\r").Replace("\t", "\\t") + "\"";
}
