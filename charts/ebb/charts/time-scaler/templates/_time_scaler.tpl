{{- define "time-scaler.replicas" -}}
{{- if or .Values.highAvailability .Values.global.highAvailability }}{{ max 2 (int .Values.replicaCount) }}{{ else }}{{ .Values.replicaCount }}{{ end }}
{{- end }}

{{- define "time-scaler.env" -}}
{{- include "ebb.settings" (dict "settings" (dict "EBB_TIMESCALER_LABELSELECTOR" .Values.labelSelector)) }}
{{- include "ebb.settings" (dict "settings" .Values.settings "prefix" "EBB_TIMESCALER_") }}
{{- end }}

{{- define "time-scaler.rules" -}}
- apiGroups: [scaler.udaan.io]
  resources: [servicescalers]
  verbs: [get, list, watch, patch]
- apiGroups: [scaler.udaan.io]
  resources: [servicescalers/status]
  verbs: [patch]
- apiGroups: [{{ include "ebb.group" . }}]
  resources: [scalingschedules]
  verbs: [get, list, watch, patch]
- apiGroups: [{{ include "ebb.group" . }}]
  resources: [scalingschedules/status]
  verbs: [patch]
- apiGroups: [{{ include "ebb.group" . }}]
  resources: [scaledresources]
  verbs: [list, watch, patch]
- apiGroups: [autoscaling]
  resources: [horizontalpodautoscalers]
  verbs: [list, watch, create, patch]
- apiGroups: [""]
  resources: [events]
  verbs: [get, create, patch]
{{- end }}

{{/* In the release's namespace: the Lease. */}}
{{- define "time-scaler.homeRules" -}}
{{ include "ebb.leaseRules" . }}
{{- end }}
