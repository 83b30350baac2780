{{- define "node-scaler.replicas" -}}
{{- if or .Values.highAvailability .Values.global.highAvailability }}{{ max 2 (int .Values.replicaCount) }}{{ else }}{{ .Values.replicaCount }}{{ end }}
{{- end }}

{{- define "node-scaler.env" -}}
{{- with .Values.digitalocean.tokenSecret }}
{{- if .name }}
- name: CLOUD_PROVIDER_TOKEN
  valueFrom: {secretKeyRef: {name: {{ .name }}, key: {{ .key }}}}
{{- end }}
{{- end }}
{{- include "ebb.settings" (dict "settings" (dict "EBB_NODESCALER_DIGITALOCEAN_ADDRESS" .Values.digitalocean.address)) }}
{{- include "ebb.settings" (dict "settings" .Values.settings "prefix" "EBB_NODESCALER_") }}
{{- /* Kubescaler's keys, by the names that its variables have. */}}
{{- range $key, $value := .Values.kubescaler }}
{{- include "ebb.settings" (dict "settings" (dict (replace "-" "_" $key) $value)) }}
{{- end }}
{{- end }}

{{/* Where NodeBuffers are looked for. */}}
{{- define "node-scaler.rules" -}}
- apiGroups: [{{ include "ebb.group" . }}]
  resources: [nodebuffers]
  verbs: [get, list, watch, patch]
- apiGroups: [{{ include "ebb.group" . }}]
  resources: [nodebuffers/status]
  verbs: [patch]
- apiGroups: [""]
  resources: [podtemplates]
  verbs: [list, watch]
{{- end }}

{{/* Nodes have no namespace, and whoever runs on them must be known: everywhere. */}}
{{- define "node-scaler.nodeRules" -}}
- apiGroups: [""]
  resources: [nodes]
  verbs: [list, watch, patch]
- apiGroups: [""]
  resources: [pods]
  verbs: [list, watch]
- apiGroups: [""]
  resources: [events]
  verbs: [get, create, patch]
{{- end }}

{{/* In the release's namespace: the Lease. */}}
{{- define "node-scaler.homeRules" -}}
{{ include "ebb.leaseRules" . }}
{{- end }}
