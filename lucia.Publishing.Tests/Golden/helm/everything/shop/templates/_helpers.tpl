{{- /* Names, labels and secrets that the templates share. `list $ "component"` is their argument. */ -}}

{{- define "shop.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end }}

{{- define "shop.fullname" -}}
{{- $name := include "shop.name" . -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end }}

{{- /* The name of an object of the release, of 63 characters unless a third argument says fewer. What is cut off counts by its hash. */ -}}
{{- define "shop.component" -}}
{{- $longest := 63 -}}
{{- if gt (len .) 2 -}}
{{- $longest = index . 2 -}}
{{- end -}}
{{- $name := printf "%s-%s" (include "shop.fullname" (index . 0)) (index . 1) -}}
{{- if gt (len $name) $longest -}}
{{- printf "%s-%s" ($name | trunc (sub $longest 9 | int) | trimSuffix "-") ($name | sha256sum | trunc 8) -}}
{{- else -}}
{{- $name -}}
{{- end -}}
{{- end }}

{{- /* Labels that select one component of one release; all of its pods without a component. */ -}}
{{- define "shop.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: {{ include "shop.name" $root }}
app.kubernetes.io/instance: {{ $root.Release.Name }}
{{- with index . 1 }}
app.kubernetes.io/component: {{ . }}
{{- end }}
{{- end }}

{{- /* Labels of pods: those that no new version changes, as a pod is replaced when its own labels change. */ -}}
{{- define "shop.podLabels" -}}
{{- $root := index . 0 -}}
{{ include "shop.selector" . }}
app.kubernetes.io/part-of: {{ include "shop.name" $root }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
{{- end }}

{{- define "shop.labels" -}}
{{- $root := index . 0 -}}
{{ include "shop.podLabels" . }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | replace "+" "_" | quote }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- /* A value as text, also where it was written as a number or a flag; JSON keeps large numbers from becoming 1e+06. */ -}}
{{- define "shop.text" -}}
{{- if kindIs "string" . -}}
{{- . -}}
{{- else if not (kindIs "invalid" .) -}}
{{- toJson . -}}
{{- end -}}
{{- end }}

{{- /* Repository with digest or tag. */ -}}
{{- define "shop.image" -}}
{{- if .digest -}}
{{- printf "%s@%s" .repository .digest -}}
{{- else if .tag -}}
{{- printf "%s:%s" .repository .tag -}}
{{- else -}}
{{- .repository -}}
{{- end -}}
{{- end }}

{{- /* Where cache is: in the release, or outside. */ -}}
{{- define "shop.cache.host" -}}
{{- if $.Values.cache.enabled -}}
{{- include "shop.component" (list $ "cache") -}}
{{- else -}}
{{- required "cache.external.host: say where cache is, as cache.enabled is false" $.Values.cache.external.host -}}
{{- end -}}
{{- end }}

{{- define "shop.cache.port.tcp" -}}
{{- if $.Values.cache.enabled -}}6379{{- else -}}{{- int $.Values.cache.external.ports.tcp -}}{{- end -}}
{{- end }}

{{- /* Where db is: in the release, or outside. */ -}}
{{- define "shop.db.host" -}}
{{- if $.Values.db.enabled -}}
{{- include "shop.component" (list $ "db") -}}
{{- else -}}
{{- required "db.external.host: say where db is, as db.enabled is false" $.Values.db.external.host -}}
{{- end -}}
{{- end }}

{{- define "shop.db.port.tcp" -}}
{{- if $.Values.db.enabled -}}5432{{- else -}}{{- int $.Values.db.external.ports.tcp -}}{{- end -}}
{{- end }}

{{- define "shop.secretName" -}}
{{- default (include "shop.component" (list . "secrets")) .Values.secrets.existingSecret -}}
{{- end }}

{{- /*
The secrets of this rendering as JSON, by key: what is given, else what the cluster has, else a generated value. They are kept beside the
values, so that every template sees the same generated one. Nothing is read from the cluster by `helm template`.
*/ -}}
{{- define "shop.secrets" -}}
{{- if not (hasKey .Values "computedSecrets") -}}
{{- $given := .Values.secrets -}}
{{- $stored := dict -}}
{{- with lookup "v1" "Secret" .Release.Namespace (include "shop.secretName" .) -}}
{{- $stored = .data | default dict -}}
{{- end -}}
{{- $secrets := dict -}}
{{- $_ := set $secrets "cache-password" (ternary (coalesce ($given.cachePassword | trimSuffix "\n") (get $stored "cache-password" | b64dec) (print (randAlphaNum 22))) ($given.cachePassword | trimSuffix "\n") (.Values.cache.enabled)) -}}
{{- $_ := set $secrets "db-password" (ternary (coalesce ($given.dbPassword | trimSuffix "\n") (get $stored "db-password" | b64dec) (print (randAlphaNum 30))) ($given.dbPassword | trimSuffix "\n") (.Values.db.enabled)) -}}
{{- $_ := set .Values "computedSecrets" $secrets -}}
{{- end -}}
{{- toJson (get .Values "computedSecrets") -}}
{{- end }}

{{- /* Changes when one of these secrets does. */ -}}
{{- define "shop.secretsChecksum" -}}
{{- $root := index . 0 -}}
{{- if $root.Values.secrets.existingSecret -}}
{{- $root.Values.secrets.existingSecret | sha256sum -}}
{{- else -}}
{{- $secrets := include "shop.secrets" $root | fromJson -}}
{{- $used := dict -}}
{{- range rest . -}}
{{- $_ := set $used . (get $secrets .) -}}
{{- end -}}
{{- toJson $used | sha256sum -}}
{{- end -}}
{{- end }}
