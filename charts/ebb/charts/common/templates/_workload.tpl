{{/*
The Deployment of a service. Takes a dict: root, replicas, and what ebb.podTemplate takes.
Rollouts start the new pod first: traffic, or the Lease, moves over to it.
*/}}
{{- define "ebb.deployment" -}}
{{- $root := .root -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  {{- include "ebb.metadata" (dict "root" $root "name" (include "ebb.fullname" $root) "namespace" $root.Release.Namespace) | nindent 2 }}
spec:
  replicas: {{ .replicas }}
  revisionHistoryLimit: 3
  strategy:
    type: RollingUpdate
    rollingUpdate: {maxUnavailable: 0, maxSurge: 1}
  selector:
    matchLabels:
      {{- include "ebb.selectorLabels" $root | nindent 6 }}
  template:
    {{- include "ebb.podTemplate" . | nindent 4 }}
{{- end }}

{{/*
A pod of a service's image under the restricted Pod Security Standard. Takes a dict:
  root   the chart's scope
  env    entries of env as text, beside those that all services have
  token  true: a token for the other services' admin ports is mounted
  task   for pods that run once: its name; they serve nothing, and no Service selects them
  args, account  of a task
*/}}
{{- define "ebb.podTemplate" -}}
{{- $root := .root -}}
{{- $values := $root.Values -}}
{{- $global := $values.global -}}
metadata:
  labels:
    {{- if .task }}
    app.kubernetes.io/name: {{ $root.Chart.Name }}-{{ .task }}
    app.kubernetes.io/instance: {{ $root.Release.Name }}
    {{- else }}
    {{- include "ebb.selectorLabels" $root | nindent 4 }}
    {{- end }}
    app.kubernetes.io/part-of: ebb
    {{- with $values.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with $values.podAnnotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  serviceAccountName: {{ .account | default (include "ebb.account" $root) }}
  automountServiceAccountToken: true
  # EBB_… variables made of Services' names would be read as settings.
  enableServiceLinks: false
  securityContext:
    {{- toYaml $values.podSecurityContext | nindent 4 }}
  {{- with concat $global.imagePullSecrets $values.imagePullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $values.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  {{- with $values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $values.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- if .task }}
  restartPolicy: Never
  {{- else }}
  terminationGracePeriodSeconds: {{ $values.terminationGracePeriodSeconds }}
  topologySpreadConstraints:
    {{- if $values.topologySpreadConstraints }}
    {{- toYaml $values.topologySpreadConstraints | nindent 4 }}
    {{- else }}
    - maxSkew: 1
      topologyKey: kubernetes.io/hostname
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "ebb.selectorLabels" $root | nindent 10 }}
      matchLabelKeys: [pod-template-hash]
    {{- end }}
  {{- end }}
  containers:
    - name: {{ .task | default $root.Chart.Name }}
      image: {{ include "ebb.image" $root }}
      imagePullPolicy: {{ $values.image.pullPolicy }}
      {{- with .args }}
      args:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      env:
        {{- printf "%s%s" (include "ebb.env" $root) .env | trim | nindent 8 }}
        {{- with $values.extraEnv }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      {{- if not .task }}
      ports:
        - {name: admin, containerPort: 8081, protocol: TCP}
      {{- include "ebb.probes" . | nindent 6 }}
      {{- end }}
      resources:
        {{- toYaml $values.resources | nindent 8 }}
      securityContext:
        {{- toYaml $values.securityContext | nindent 8 }}
      volumeMounts:
        - {name: tmp, mountPath: /tmp}
        - {name: tls, mountPath: /etc/ebb/tls, readOnly: true}
        {{- if .token }}
        - {name: token, mountPath: /var/run/secrets/ebb, readOnly: true}
        {{- end }}
        {{- if ($values.plugins).volume }}
        - {name: plugins, mountPath: /plugins, readOnly: true}
        {{- end }}
        {{- with $values.extraVolumeMounts }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
  volumes:
    - name: tmp
      emptyDir: {}
    - name: tls
      secret:
        secretName: {{ include "ebb.tlsSecret" $root }}
        defaultMode: 0440
    {{- if .token }}
    - name: token
      projected:
        defaultMode: 0440
        sources:
          - serviceAccountToken: {audience: ebb, expirationSeconds: 3600, path: token}
    {{- end }}
    {{- with ($values.plugins).volume }}
    - name: plugins
      {{- toYaml . | nindent 6 }}
    {{- end }}
    {{- with $values.extraVolumes }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end }}

{{- define "ebb.image" -}}
{{- $image := .Values.image -}}
{{- with $image.registry | default .Values.global.imageRegistry }}{{ . }}/{{ end }}
{{- $image.repository }}
{{- if $image.digest }}@{{ $image.digest }}{{ else }}:{{ $image.tag | default .Chart.AppVersion }}{{ end }}
{{- end }}

{{/* What every service is told. */}}
{{- define "ebb.env" -}}
{{- range $name, $path := dict "POD_NAME" "metadata.name" "POD_NAMESPACE" "metadata.namespace" "POD_UID" "metadata.uid" "POD_IP" "status.podIP" }}
- name: {{ $name }}
  valueFrom: {fieldRef: {fieldPath: {{ $path }}}}
{{- end }}
{{- $settings := dict "EBB_TLS_ENABLED" true "EBB_METRICSANONYMOUS" .Values.global.metrics.anonymous }}
{{- range $i, $namespace := .Values.global.watchNamespaces }}
{{- $_ := set $settings (printf "EBB_WATCHNAMESPACES_%d" $i) $namespace }}
{{- end }}
{{- with .Values.global.tracing }}
{{- if .otlpEndpoint }}
{{- $_ := set $settings "MANAGEMENT_OPENTELEMETRY_TRACING_EXPORT_OTLP_ENDPOINT" .otlpEndpoint }}
{{- $_ := set $settings "MANAGEMENT_TRACING_SAMPLING_PROBABILITY" (toString .samplingProbability) }}
{{- end }}
{{- end }}
{{- include "ebb.settings" (dict "settings" $settings) }}
{{- end }}

{{/* Entries of env for what is set. Takes a dict: settings, prefix of their names. */}}
{{- define "ebb.settings" -}}
{{- $prefix := .prefix | default "" -}}
{{- range $key, $value := .settings }}
{{- if not (or (kindIs "invalid" $value) (eq (toString $value) "")) }}
- name: {{ $prefix }}{{ upper $key }}
  value: {{ kindIs "float64" $value | ternary (int64 $value) $value | toString | quote }}
{{- end }}
{{- end }}
{{- end }}

{{/* Starting ends as soon as it can, within five minutes; a slow answer is not a dead process. */}}
{{- define "ebb.probes" -}}
startupProbe:
  httpGet: {path: /actuator/health/liveness, port: admin, scheme: HTTPS}
  periodSeconds: 1
  timeoutSeconds: 2
  failureThreshold: 300
readinessProbe:
  httpGet: {path: /actuator/health/readiness, port: admin, scheme: HTTPS}
  periodSeconds: 2
  timeoutSeconds: 3
  failureThreshold: 3
livenessProbe:
  httpGet: {path: /actuator/health/liveness, port: admin, scheme: HTTPS}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
{{- end }}
