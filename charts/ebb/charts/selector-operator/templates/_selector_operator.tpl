{{- define "selector-operator.replicas" -}}
{{- if or .Values.highAvailability .Values.global.highAvailability }}{{ max 2 (int .Values.replicaCount) }}{{ else }}{{ .Values.replicaCount }}{{ end }}
{{- end }}

{{- define "selector-operator.env" -}}
{{- include "ebb.settings" (dict "settings" (dict
  "SSS_POD_SELECTOR" .Values.podSelector
  "SSS_SERVICE_PREFIX" .Values.servicePrefix
  "SSS_SERVICE_SELECTOR" .Values.serviceSelector
  "SSS_NAMESPACE" .Values.poolNamespace
  "SSS_STRATEGY" .Values.poolStrategy)) }}
{{- include "ebb.settings" (dict "settings" .Values.settings "prefix" "EBB_SELECTOR_") }}
{{- end }}

{{- define "selector-operator.rules" -}}
- apiGroups: [{{ include "ebb.group" . }}]
  resources: [servicepools]
  verbs: [get, list, watch, patch]
- apiGroups: [{{ include "ebb.group" . }}]
  resources: [servicepools/status]
  verbs: [patch]
- apiGroups: [""]
  resources: [services]
  verbs: [list, watch, create, patch, delete]
- apiGroups: [discovery.k8s.io]
  resources: [endpointslices]
  verbs: [list, watch, create, patch, delete]
- apiGroups: [""]
  resources: [pods]
  verbs: [list, watch]
- apiGroups: [apps]
  resources: [statefulsets]
  verbs: [list, watch]
- apiGroups: [""]
  resources: [events]
  verbs: [get, create, patch]
{{- end }}

{{/* In the release's namespace: the Lease. */}}
{{- define "selector-operator.homeRules" -}}
{{ include "ebb.leaseRules" . }}
{{- end }}
