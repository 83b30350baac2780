{{- define "dlx-gateway.env" -}}
{{- $account := .Values.autoscalerAccount | default (printf "%s-autoscaler" .Release.Name) -}}
{{- $settings := dict
  "EBB_GATEWAY_SERVICE" (include "ebb.fullname" .)
  "EBB_GATEWAY_HELD_GLOBAL" .Values.held.global
  "EBB_INTERNALACCOUNTS_0" (include "ebb.username" (list . $account)) -}}
{{- range $i, $agent := .Values.exclusions.userAgents }}{{ $_ := set $settings (printf "EBB_GATEWAY_EXCLUSIONS_USERAGENTS_%d" $i) $agent }}{{ end -}}
{{- range $i, $path := .Values.exclusions.paths }}{{ $_ := set $settings (printf "EBB_GATEWAY_EXCLUSIONS_PATHS_%d" $i) $path }}{{ end -}}
{{- include "ebb.settings" (dict "settings" $settings) }}
{{- include "ebb.settings" (dict "settings" .Values.settings "prefix" "EBB_GATEWAY_") }}
{{- end }}

{{- define "dlx-gateway.rules" -}}
- apiGroups: [{{ include "ebb.group" . }}]
  resources: [scaledresources]
  verbs: [get, list, watch]
- apiGroups: [""]
  resources: [services, pods]
  verbs: [get, list, watch]
- apiGroups: [discovery.k8s.io]
  resources: [endpointslices]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [autoscaling]
  resources: [horizontalpodautoscalers]
  verbs: [list]
{{- include "ebb.scaleTargetRules" (dict "root" . "verbs" (list "get")) }}
{{- end }}

{{/* In the release's namespace: which port is whose, and the replicas where no wider right shows them. */}}
{{- define "dlx-gateway.homeRules" -}}
- apiGroups: [""]
  resources: [configmaps]
  verbs: [create]
- apiGroups: [""]
  resources: [configmaps]
  resourceNames: [ebb-gateway-ports]
  verbs: [get, patch]
{{- if .Values.global.watchNamespaces }}
- apiGroups: [discovery.k8s.io]
  resources: [endpointslices]
  verbs: [get, list, watch]
{{- end }}
{{- end }}

{{/* Traffic to the mapped Services comes from anywhere. */}}
{{- define "dlx-gateway.ingress" -}}
- ports:
    - {port: 10000, endPort: 17999, protocol: TCP}
{{- end }}
