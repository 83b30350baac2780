{{- define "time-scaler.replicas" -}}
{{- if or .Values.highAvailability .Values.global.highAvailability }}{{ max 2 (int .Values.replicaCount) }}{{ else }}{{ .Values.replicaCount }}{{ end }}
{{- end }}

{{- define "time-scaler.env" -}}
{{- include "ebb.settings" (dict "settings" (dict "EBB_TIMESCALER_LABELSELECTOR" .Values.labelSelector "EBB_TIMESCALER_KEDA" (ternary "true" "" .Values.keda) "EBB_TIMESCALER_SCALETARGETS" (include "time-scaler.kinds" .))) }}
{{- include "ebb.settings" (dict "settings" .Values.settings "prefix" "EBB_TIMESCALER_") }}
{{- end }}

{{/* The kinds of scaleTargets, as in apps/v1/deployments/Deployment, one after the other. */}}
{{- define "time-scaler.kinds" -}}
{{- $kinds := list -}}
{{- range .Values.scaleTargets }}
{{- $kinds = append $kinds (join "/" (compact (list .apiGroup .version .resource .kind))) }}
{{- end -}}
{{ join "," $kinds }}
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
{{- if .Values.keda }}
- apiGroups: [keda.sh]
  resources: [scaledobjects]
  verbs: [list, watch, patch]
{{- end }}
{{- range .Values.scaleTargets }}
- apiGroups: [{{ .apiGroup | quote }}]
  resources: [{{ .resource }}]
  verbs: [get, list, watch, patch]
- apiGroups: [{{ .apiGroup | quote }}]
  resources: [{{ .resource }}/scale]
  verbs: [get, patch]
{{- end }}
- apiGroups: [""]
  resources: [events]
  verbs: [get, create, patch]
{{- end }}

{{/* In the release's namespace: the Lease. */}}
{{- define "time-scaler.homeRules" -}}
{{ include "ebb.leaseRules" . }}
{{- end }}
