{{- define "admin-console.env" -}}
{{- $settings := dict
  "EBB_CONSOLE_SELECTOR" (printf "app.kubernetes.io/part-of=ebb,app.kubernetes.io/instance=%s" .Release.Name)
  "EBB_CONSOLE_CA" "/etc/ebb/tls/ca.crt"
  "EBB_CONSOLE_TOKEN" "/var/run/secrets/ebb/token" -}}
{{- include "ebb.settings" (dict "settings" $settings) }}
{{- end }}

{{/* Where the replicas are; and who changed what. */}}
{{- define "admin-console.homeRules" -}}
{{ include "ebb.auditRules" . }}
- apiGroups: [discovery.k8s.io]
  resources: [endpointslices]
  verbs: [get, list, watch]
{{- end }}

{{/* What it reads of them by itself; everything else it reads by its users' rights. */}}
{{- define "admin-console.actuatorRules" -}}
- nonResourceURLs: [/actuator, /actuator/health, /actuator/info]
  verbs: [get]
{{- end }}
