{{- define "promweave.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end }}

{{/* The name of the release, with that of the chart where it does not have it. Names end with -grpc, so they are 58 at most. */}}
{{- define "promweave.fullname" -}}
{{- $name := include "promweave.name" . -}}
{{- $full := ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) -}}
{{- default $full .Values.fullnameOverride | trunc 58 | trimSuffix "-" -}}
{{- end }}

{{- define "promweave.selector" -}}
app.kubernetes.io/name: {{ include "promweave.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "promweave.labels" -}}
{{ include "promweave.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{- define "promweave.account" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "promweave.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end }}

{{- define "promweave.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ default .Chart.AppVersion .Values.image.tag }}
{{- end -}}
{{- end }}

{{- define "promweave.configMap" -}}
{{- default (include "promweave.fullname" .) .Values.existingConfigMap -}}
{{- end }}

{{/* The configuration as text, with what stands in braces filled in. */}}
{{- define "promweave.config" -}}
{{- tpl (toYaml .Values.config) . -}}
{{- end }}

{{/* A probe of a path: dict "root" . "path" PATH "settings" SETTINGS */}}
{{- define "promweave.probe" -}}
httpGet: { path: {{ .path }}, port: http, scheme: {{ .root.Values.probes.scheme }} }
{{ toYaml .settings }}
{{- end }}

{{- define "promweave.affinity" -}}
{{- $term := dict "topologyKey" "kubernetes.io/hostname" "labelSelector" (dict "matchLabels" (include "promweave.selector" . | fromYaml)) -}}
{{- if .Values.affinity -}}
{{ toYaml .Values.affinity }}
{{- else if eq .Values.antiAffinity "preferred" -}}
{{ toYaml (dict "podAntiAffinity" (dict "preferredDuringSchedulingIgnoredDuringExecution" (list (dict "weight" 100 "podAffinityTerm" $term)))) }}
{{- else if eq .Values.antiAffinity "required" -}}
{{ toYaml (dict "podAntiAffinity" (dict "requiredDuringSchedulingIgnoredDuringExecution" (list $term))) }}
{{- end -}}
{{- end }}
