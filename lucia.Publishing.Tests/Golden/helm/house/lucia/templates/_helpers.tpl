{{- /* Names, labels and secrets that the templates share. `list $ "component"` is their argument. */ -}}

{{- define "lucia.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end }}

{{- define "lucia.fullname" -}}
{{- $name := include "lucia.name" . -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end }}

{{- /* The name of an object of the release, of 63 characters unless a third argument says fewer. What is cut off counts by its hash. */ -}}
{{- define "lucia.component" -}}
{{- $longest := 63 -}}
{{- if gt (len .) 2 -}}
{{- $longest = index . 2 -}}
{{- end -}}
{{- $name := printf "%s-%s" (include "lucia.fullname" (index . 0)) (index . 1) -}}
{{- if gt (len $name) $longest -}}
{{- printf "%s-%s" ($name | trunc (sub $longest 9 | int) | trimSuffix "-") ($name | sha256sum | trunc 8) -}}
{{- else -}}
{{- $name -}}
{{- end -}}
{{- end }}

{{- /* Labels that select one component of one release; all of its pods without a component. */ -}}
{{- define "lucia.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: {{ include "lucia.name" $root }}
app.kubernetes.io/instance: {{ $root.Release.Name }}
{{- with index . 1 }}
app.kubernetes.io/component: {{ . }}
{{- end }}
{{- end }}

{{- /* Labels of pods: those that no new version changes, as a pod is replaced when its own labels change. */ -}}
{{- define "lucia.podLabels" -}}
{{- $root := index . 0 -}}
{{ include "lucia.selector" . }}
app.kubernetes.io/part-of: {{ include "lucia.name" $root }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
{{- end }}

{{- define "lucia.labels" -}}
{{- $root := index . 0 -}}
{{ include "lucia.podLabels" . }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | replace "+" "_" | quote }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- /* A value as text, also where it was written as a number or a flag; JSON keeps large numbers from becoming 1e+06. */ -}}
{{- define "lucia.text" -}}
{{- if kindIs "string" . -}}
{{- . -}}
{{- else if not (kindIs "invalid" .) -}}
{{- toJson . -}}
{{- end -}}
{{- end }}

{{- /* Repository with digest or tag. */ -}}
{{- define "lucia.image" -}}
{{- if .digest -}}
{{- printf "%s@%s" .repository .digest -}}
{{- else if .tag -}}
{{- printf "%s:%s" .repository .tag -}}
{{- else -}}
{{- .repository -}}
{{- end -}}
{{- end }}

{{- /* Where redis is: in the release, or outside. */ -}}
{{- define "lucia.redis.host" -}}
{{- if $.Values.redis.enabled -}}
{{- include "lucia.component" (list $ "redis") -}}
{{- else -}}
{{- required "redis.external.host: say where redis is, as redis.enabled is false" $.Values.redis.external.host -}}
{{- end -}}
{{- end }}

{{- define "lucia.redis.port.tcp" -}}
{{- if $.Values.redis.enabled -}}6379{{- else -}}{{- int $.Values.redis.external.ports.tcp -}}{{- end -}}
{{- end }}

{{- define "lucia.secretName" -}}
{{- default (include "lucia.component" (list . "secrets")) .Values.secrets.existingSecret -}}
{{- end }}

{{- /*
The secrets of this rendering as JSON, by key: what is given, else what the cluster has, else a generated value. They are kept beside the
values, so that every template sees the same generated one. Nothing is read from the cluster by `helm template`.
*/ -}}
{{- define "lucia.secrets" -}}
{{- if not (hasKey .Values "computedSecrets") -}}
{{- $given := .Values.secrets -}}
{{- $stored := dict -}}
{{- with lookup "v1" "Secret" .Release.Namespace (include "lucia.secretName" .) -}}
{{- $stored = .data | default dict -}}
{{- end -}}
{{- $secrets := dict -}}
{{- $_ := set $secrets "redis-password" (ternary (coalesce ($given.redisPassword | trimSuffix "\n") (get $stored "redis-password" | b64dec) (print (randAlphaNum 32))) ($given.redisPassword | trimSuffix "\n") (.Values.redis.enabled)) -}}
{{- $_ := set $secrets "chat-model" (required "secrets.chatModel: The chat model as a connection string." (coalesce ($given.chatModel | trimSuffix "\n") (get $stored "chat-model" | b64dec))) -}}
{{- $_ := set $secrets "embedding-model" (($given.embeddingModel | trimSuffix "\n")) -}}
{{- $_ := set $secrets "home-assistant-access-token" (($given.homeAssistantAccessToken | trimSuffix "\n")) -}}
{{- $_ := set $secrets "auth-api-key" (coalesce ($given.authApiKey | trimSuffix "\n") (get $stored "auth-api-key" | b64dec) (print (randAlphaNum 40))) -}}
{{- $_ := set .Values "computedSecrets" $secrets -}}
{{- end -}}
{{- toJson (get .Values "computedSecrets") -}}
{{- end }}

{{- /* Changes when one of these secrets does. */ -}}
{{- define "lucia.secretsChecksum" -}}
{{- $root := index . 0 -}}
{{- if $root.Values.secrets.existingSecret -}}
{{- $root.Values.secrets.existingSecret | sha256sum -}}
{{- else -}}
{{- $secrets := include "lucia.secrets" $root | fromJson -}}
{{- $used := dict -}}
{{- range rest . -}}
{{- $_ := set $used . (get $secrets .) -}}
{{- end -}}
{{- toJson $used | sha256sum -}}
{{- end -}}
{{- end }}
