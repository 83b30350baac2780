{{/*
What every service has beside its Deployment: account, Service, disruption budget, network policy,
scraping, alerts, dashboards. Takes a dict: root, replicas, ingress (further rules of the network
policy as text).
*/}}
{{- define "ebb.objects" -}}
{{- $root := .root -}}
{{- $global := $root.Values.global -}}
{{- $name := dict "root" $root "name" (include "ebb.fullname" $root) "namespace" $root.Release.Namespace -}}
{{- $meta := include "ebb.metadata" $name -}}
{{- if $root.Values.serviceAccount.create }}
---
apiVersion: v1
kind: ServiceAccount
metadata:
  {{- include "ebb.metadata" (merge (dict "name" (include "ebb.account" $root) "annotations" $root.Values.serviceAccount.annotations) $name) | nindent 2 }}
automountServiceAccountToken: false
{{- end }}
---
apiVersion: v1
kind: Service
metadata:
  {{- $meta | nindent 2 }}
spec:
  type: ClusterIP
  publishNotReadyAddresses: false
  selector:
    {{- include "ebb.selectorLabels" $root | nindent 4 }}
  ports:
    - {name: admin, port: 8081, targetPort: admin, protocol: TCP, appProtocol: https}
{{- /* With one replica a budget would only stop nodes from being drained. */}}
{{- if and ($root.Values.podDisruptionBudget).enabled (gt (int .replicas) 1) }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  {{- $meta | nindent 2 }}
spec:
  {{- toYaml (omit $root.Values.podDisruptionBudget "enabled") | nindent 2 }}
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      {{- include "ebb.selectorLabels" $root | nindent 6 }}
{{- end }}
{{- if $global.networkPolicy.enabled }}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  {{- $meta | nindent 2 }}
spec:
  podSelector:
    matchLabels:
      {{- include "ebb.selectorLabels" $root | nindent 6 }}
  policyTypes: [Ingress]
  ingress:
    - ports:
        - {port: admin, protocol: TCP}
      {{- with $global.networkPolicy.adminFrom }}
      from:
        {{- toYaml . | nindent 8 }}
        # Ebb's own services call each other there.
        - podSelector: {matchLabels: {app.kubernetes.io/part-of: ebb, app.kubernetes.io/instance: {{ $root.Release.Name }}}}
      {{- end }}
    {{- with .ingress }}
    {{- . | nindent 4 }}
    {{- end }}
{{- end }}
{{- with $global.metrics.serviceMonitor }}
{{- if .enabled }}
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  {{- include "ebb.metadata" (merge (dict "labels" .labels) $name) | nindent 2 }}
spec:
  selector:
    matchLabels:
      {{- include "ebb.selectorLabels" $root | nindent 6 }}
  endpoints:
    - port: admin
      scheme: https
      path: /actuator/prometheus
      interval: {{ .interval }}
      tlsConfig:
        serverName: ebb-admin
        ca: {secret: {name: {{ include "ebb.tlsSecret" $root }}, key: ca.crt}}
      {{- with .authorization }}
      authorization:
        {{- toYaml . | nindent 8 }}
      {{- end }}
{{- end }}
{{- end }}
{{- include "ebb.alerts" $root }}
{{- with $global.grafana.dashboards }}
{{- if and .enabled ($root.Files.Glob "dashboards/*.json") }}
---
apiVersion: v1
kind: ConfigMap
metadata:
  {{- include "ebb.metadata" (merge (dict "name" (printf "%s-dashboards" $name.name) "labels" .labels "annotations" .annotations) $name) | nindent 2 }}
data:
  {{- ($root.Files.Glob "dashboards/*.json").AsConfig | nindent 2 }}
{{- end }}
{{- end }}
{{- end }}

{{/* The alerts of a chart's alerts.yaml. Takes the chart's scope. */}}
{{- define "ebb.alerts" -}}
{{- with .Values.global.metrics.prometheusRule }}
{{- if and .enabled ($.Files.Get "alerts.yaml") }}
---
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  {{- include "ebb.metadata" (dict "root" $ "name" (include "ebb.fullname" $) "namespace" $.Release.Namespace "labels" .labels) | nindent 2 }}
spec:
  {{- $.Files.Get "alerts.yaml" | nindent 2 }}
{{- end }}
{{- end }}
{{- end }}
