{{/*
Rights and who has them: a ClusterRole with its binding, or, where namespaces are named, a Role and
a binding in each. Takes a dict:
  root, name
  account      the service account's name, in the release's namespace
  namespaces   empty: the whole cluster
  rules        as text
  aggregate    true: the rules are those of all ClusterRoles labelled aggregate-to-<chart>
  annotations  as text
*/}}
{{- define "ebb.grant" -}}
{{- $grant := . -}}
{{- $cluster := not (and .namespaces (not .aggregate)) -}}
{{- if .aggregate }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  {{- include "ebb.metadata" (pick . "root" "name" "annotations") | nindent 2 }}
aggregationRule:
  clusterRoleSelectors:
    - matchLabels: {{ printf "%s/aggregate-to-%s" (include "ebb.group" .root) .root.Chart.Name | quote | printf "{%s: \"true\"}" }}
{{- end }}
{{- range .namespaces | default (list "") }}
{{- $meta := include "ebb.metadata" (merge (dict "namespace" .) (pick $grant "root" "name" "annotations")) }}
{{- if not $grant.aggregate }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: {{ $cluster | ternary "ClusterRole" "Role" }}
metadata:
  {{- $meta | nindent 2 }}
rules:
  {{- $grant.rules | nindent 2 }}
{{- end }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: {{ . | empty | ternary "ClusterRoleBinding" "RoleBinding" }}
metadata:
  {{- $meta | nindent 2 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: {{ $cluster | ternary "ClusterRole" "Role" }}
  name: {{ $grant.name }}
subjects:
  - kind: ServiceAccount
    name: {{ $grant.account }}
    namespace: {{ $grant.root.Release.Namespace }}
{{- end }}
{{- end }}

{{/*
All grants of a service that acts on Kubernetes, and its account's. Takes a dict:
  root
  rules         where it works
  homeRules     in the release's namespace
  scaleTargets  true: also the kinds that it may scale
*/}}
{{- define "ebb.serviceGrants" -}}
{{- $root := .root -}}
{{- if $root.Values.rbac.create }}
{{- $name := include "ebb.fullname" $root }}
{{- $all := dict "root" $root "account" (include "ebb.account" $root) }}
{{- $grant := merge (dict "namespaces" $root.Values.global.watchNamespaces) $all }}
{{- $home := .homeRules }}
{{- /* Elsewhere its Events reach its own pods by its own rules. */}}
{{- if $root.Values.global.watchNamespaces }}{{ $home = printf "%s\n%s" $home (include "ebb.auditRules" $root) }}{{ end }}
{{- include "ebb.grant" (merge (dict "name" $name "rules" .rules) $grant) }}
{{- if .scaleTargets }}
{{- include "ebb.grant" (merge (dict "name" (printf "%s-scale-targets" $name) "aggregate" true) $grant) }}
{{- end }}
{{- include "ebb.grant" (merge (dict "name" (printf "%s-home" $name) "rules" $home "namespaces" (list $root.Release.Namespace)) $all) }}
{{- include "ebb.grant" (merge (dict "name" (printf "%s-reviews" $name) "rules" (include "ebb.reviewRules" $root)) $all) }}
{{- include "ebb.freezeGrants" $all }}
{{- end }}
{{- end }}

{{/* Its Lease, in the release's namespace. */}}
{{- define "ebb.leaseRules" -}}
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  verbs: [create]
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  resourceNames: [ebb-{{ .Chart.Name }}]
  verbs: [get, patch]
{{- end }}

{{/* All who are asked for a token or a right ask the API server. */}}
{{- define "ebb.reviewRules" -}}
- apiGroups: [authentication.k8s.io]
  resources: [tokenreviews]
  verbs: [create]
- apiGroups: [authorization.k8s.io]
  resources: [subjectaccessreviews]
  verbs: [create]
{{- end }}

{{/* Who changed a service's log levels is told on its pods. */}}
{{- define "ebb.auditRules" -}}
- apiGroups: [""]
  resources: [events]
  verbs: [get, create, patch]
{{- end }}

{{/*
Reading the switch that freezes Ebb: the ConfigMap in the release's namespace and the annotation of
namespaces. Takes a dict: root, account.
*/}}
{{- define "ebb.freezeGrants" -}}
{{- $grant := dict "root" .root "account" .account "name" (printf "%s-freeze" (include "ebb.fullname" .root)) -}}
{{- include "ebb.grant" (merge (dict "rules" (include "ebb.namespaceRules" .root)) $grant) }}
{{- include "ebb.grant" (merge (dict "rules" (include "ebb.freezeRules" .root) "namespaces" (list .root.Release.Namespace)) $grant) }}
{{- end }}

{{- define "ebb.namespaceRules" -}}
- apiGroups: [""]
  resources: [namespaces]
  {{- with .Values.global.watchNamespaces }}
  resourceNames: {{ toJson . }}
  {{- end }}
  verbs: [get, list, watch]
{{- end }}

{{- define "ebb.freezeRules" -}}
- apiGroups: [""]
  resources: [configmaps]
  resourceNames: [ebb-freeze]
  verbs: [get, list, watch]
{{- end }}

{{/* Scaling the kinds of global.scaleTargets. Takes a dict: root, verbs (on the kinds themselves). */}}
{{- define "ebb.scaleTargetRules" -}}
{{- $verbs := .verbs -}}
{{- range .root.Values.global.scaleTargets }}
- apiGroups: {{ toJson .apiGroups }}
  resources: {{ toJson .resources }}
  verbs: {{ toJson $verbs }}
- apiGroups: {{ toJson .apiGroups }}
  resources:
    {{- range .resources }}
    - {{ . }}/scale
    {{- end }}
  verbs: [get, patch]
{{- end }}
- apiGroups: [""]
  resources: [events]
  verbs: [get, create, patch]
{{- end }}

{{/* Makes a ValidatingAdmissionPolicy deny. Takes a dict: root, name. */}}
{{- define "ebb.policyBinding" -}}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata:
  {{- include "ebb.metadata" . | nindent 2 }}
spec:
  policyName: {{ .name }}
  validationActions: [Deny]
{{- end }}

{{/* The match condition of a policy for some service accounts alone. Takes a list: root, names. */}}
{{- define "ebb.onlyAccounts" -}}
{{- $root := first . -}}
{{- $users := list -}}
{{- range rest . }}{{ $users = append $users (include "ebb.username" (list $root .)) }}{{ end -}}
- name: own-accounts
  expression: request.userInfo.username in {{ toJson $users | replace "\"" "'" }}
{{- end }}

{{/* The validation that a slice is, and stays, the gateway's. */}}
{{- define "ebb.ownSlices" -}}
- expression: >-
    [object, oldObject].all(slice, slice == null ||
    slice.metadata.?labels[?'endpointslice.kubernetes.io/managed-by'].orValue('') == '{{ include "ebb.sliceManager" . }}')
  message: this account may write EndpointSlices managed by {{ include "ebb.sliceManager" . }} alone
  reason: Forbidden
{{- end }}
