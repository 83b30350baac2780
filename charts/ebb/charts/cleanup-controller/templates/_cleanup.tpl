{{- define "cleanup-controller.replicas" -}}
{{- if or .Values.highAvailability .Values.global.highAvailability }}{{ max 2 (int .Values.replicaCount) }}{{ else }}{{ .Values.replicaCount }}{{ end }}
{{- end }}

{{- define "cleanup-controller.env" -}}
{{- if not .Values.watchPredecessor }}
{{- include "ebb.settings" (dict "settings" (dict "EBB_CLEANUP_WATCHPREDECESSOR" "false")) }}
{{- end }}
{{- include "ebb.settings" (dict "settings" .Values.settings "prefix" "EBB_CLEANUP_") }}
{{- end }}

{{- define "cleanup-controller.rules" -}}
- apiGroups: [apps]
  resources: [statefulsets]
  verbs: [get, list, watch, patch]
- apiGroups: [""]
  resources: [pods]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [""]
  resources: [persistentvolumeclaims]
  verbs: [get, list, watch, delete]
- apiGroups: [{{ include "ebb.group" . }}]
  resources: [scaledowncleanups]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [{{ include "ebb.group" . }}]
  resources: [scaledowncleanups/status]
  verbs: [patch]
- apiGroups: [{{ include "ebb.group" . }}]
  resources: [scaledownpolicies]
  verbs: [list, watch]
- apiGroups: [{{ include "ebb.group" . }}]
  resources: [scaledownpolicies/status]
  verbs: [patch]
- apiGroups: [""]
  resources: [events]
  verbs: [get, create, patch]
{{- if .Values.watchPredecessor }}
# Whether the predecessor still runs: its lock, wherever it lies.
- apiGroups: [""]
  resources: [configmaps, endpoints]
  resourceNames: [statefulset-scaledown-controller]
  verbs: [list, watch]
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  resourceNames: [statefulset-scaledown-controller]
  verbs: [list, watch]
{{- end }}
{{- end }}

{{/* In the release's namespace: the Lease. */}}
{{- define "cleanup-controller.homeRules" -}}
{{ include "ebb.leaseRules" . }}
{{- end }}
