{{- define "autoscaler.replicas" -}}
{{- if or .Values.highAvailability .Values.global.highAvailability }}{{ max 2 (int .Values.replicaCount) }}{{ else }}{{ .Values.replicaCount }}{{ end }}
{{- end }}

{{- define "autoscaler.env" -}}
{{- $gateway := dict
  "EBB_AUTOSCALER_GATEWAYSERVICE" (.Values.gateway.service | default (printf "%s-dlx-gateway" .Release.Name))
  "EBB_AUTOSCALER_GATEWAYNAMESPACE" (.Values.gateway.namespace | default .Release.Namespace)
  "EBB_GATEWAY_CA" "/etc/ebb/tls/ca.crt"
  "EBB_GATEWAY_TOKEN" "/var/run/secrets/ebb/token" -}}
{{- include "ebb.settings" (dict "settings" $gateway) }}
{{- include "ebb.settings" (dict "settings" .Values.settings "prefix" "EBB_AUTOSCALER_") }}
{{- end }}

{{- define "autoscaler.rules" -}}
- apiGroups: [{{ include "ebb.group" . }}]
  resources: [scaledresources]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [{{ include "ebb.group" . }}]
  resources: [scaledresources/status]
  verbs: [patch]
- apiGroups: [""]
  resources: [services]
  verbs: [get, list, watch, patch]
- apiGroups: [""]
  resources: [pods]
  verbs: [get, list, watch]
# delete: the gateway's slices, when the gateway is not there to take them back
- apiGroups: [discovery.k8s.io]
  resources: [endpointslices]
  verbs: [get, list, watch, delete]
- apiGroups: [autoscaling]
  resources: [horizontalpodautoscalers]
  verbs: [get, list, watch]
{{- include "ebb.scaleTargetRules" (dict "root" . "verbs" (list "get" "list" "watch")) }}
{{- end }}

{{/* In the release's namespace: the Lease, and the gateway where no wider right shows it. */}}
{{- define "autoscaler.homeRules" -}}
{{ include "ebb.leaseRules" . }}
{{- if .Values.global.watchNamespaces }}
- apiGroups: [""]
  resources: [services]
  verbs: [get]
- apiGroups: [discovery.k8s.io]
  resources: [endpointslices]
  verbs: [get, list, watch]
{{- end }}
{{- end }}
