{{/* The API group, and the prefix of labels and annotations. */}}
{{- define "ebb.group" -}}ebb.dev{{- end }}

{{/* The value of endpointslice.kubernetes.io/managed-by on the gateway's slices. */}}
{{- define "ebb.sliceManager" -}}dlx-gateway.{{ include "ebb.group" . }}{{- end }}

{{/*
What the objects of a service are called: release and chart. A chart of one service alone may be installed under one
name in several namespaces, and some of its objects are of the whole cluster.
*/}}
{{- define "ebb.fullname" -}}
{{- if not .Chart.IsRoot }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" }}
{{- else if eq .Chart.Name "ebb" }}{{ .Release.Name }}
{{- else }}{{ printf "ebb-%s-%s" .Release.Name .Release.Namespace | trunc 63 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "ebb.account" -}}
{{- if .Values.serviceAccount.create }}{{ .Values.serviceAccount.name | default (include "ebb.fullname" .) }}
{{- else }}{{ .Values.serviceAccount.name | default "default" }}{{ end }}
{{- end }}

{{/* How the API server calls a service account. Takes a list: root, account name. */}}
{{- define "ebb.username" -}}
system:serviceaccount:{{ (index . 0).Release.Namespace }}:{{ index . 1 }}
{{- end }}

{{/* The Secret with the certificate of all admin ports. */}}
{{- define "ebb.tlsSecret" -}}
{{ .Values.global.tls.existingSecret | default (printf "%s-admin-tls" .Release.Name) }}
{{- end }}

{{/* What tells the pods of one service from all others. */}}
{{- define "ebb.selectorLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "ebb.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "ebb.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: ebb
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{/*
The metadata of an object. Takes a dict: root, name, namespace (absent: none), labels (beside those
of all objects), annotations.
*/}}
{{- define "ebb.metadata" -}}
name: {{ .name }}
{{- with .namespace }}
namespace: {{ . }}
{{- end }}
labels:
  {{- include "ebb.labels" .root | nindent 2 }}
  {{- with .labels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with .annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
