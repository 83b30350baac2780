{{/* What the account may write; in this chart and in that which is installed in 3S's place. */}}
{{- define "selector-operator.policies" -}}
{{- if .Values.global.admissionPolicies.enabled }}
{{- $services := dict "root" . "name" (printf "%s-services" (include "ebb.fullname" .)) }}
{{- $prefix := printf "%s/" (include "ebb.group" .) }}
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata:
  {{- include "ebb.metadata" $services | nindent 2 }}
spec:
  matchConstraints:
    resourceRules:
      - apiGroups: [""]
        apiVersions: [v1]
        resources: [services]
        operations: [CREATE, UPDATE, DELETE]
  matchConditions:
    {{- include "ebb.onlyAccounts" (list . (include "ebb.account" .)) | nindent 4 }}
  # dyn makes maps of typed objects: fields that are new to Kubernetes are compared too.
  variables:
    - name: key
      expression: "'statefulset.kubernetes.io/pod-name'"
    - name: updates
      expression: object != null && oldObject != null
    - name: specs
      expression: "!variables.updates ? [] : [[dyn(object.spec), dyn(oldObject.spec)], [dyn(oldObject.spec), dyn(object.spec)]]"
    - name: selectors
      expression: >-
        !variables.updates ? [] : [[object.spec.?selector.orValue({}), oldObject.spec.?selector.orValue({})],
        [oldObject.spec.?selector.orValue({}), object.spec.?selector.orValue({})]]
    - name: notes
      expression: >-
        !variables.updates ? [] : [[object.metadata.?annotations.orValue({}), oldObject.metadata.?annotations.orValue({})],
        [oldObject.metadata.?annotations.orValue({}), object.metadata.?annotations.orValue({})]]
    - name: one
      expression: "object == null ? oldObject : object"
  validations:
    - expression: >-
        variables.specs.all(pair, pair[0].all(field, field == 'selector' ||
        pair[1][?field] == optional.of(pair[0][field]))) &&
        variables.selectors.all(pair, pair[0].all(key, key == variables.key ||
        pair[1][?key] == optional.of(pair[0][key])))
      message: this account may change one key of a Service's selector, and nothing else in its spec
      reason: Forbidden
    - expression: >-
        !variables.updates || (['labels', 'finalizers', 'ownerReferences'].all(field,
        dyn(object.metadata)[?field] == dyn(oldObject.metadata)[?field]) &&
        variables.notes.all(pair, pair[0].all(note, note.startsWith('{{ $prefix }}') ||
        pair[1][?note] == optional.of(pair[0][note]))))
      message: this account may change annotations {{ $prefix }}… in the metadata of a Service, and nothing else
      reason: Forbidden
    - expression: >-
        variables.updates || (variables.one.metadata.?ownerReferences.orValue([]).exists(owner,
        owner.kind == 'ServicePool') && variables.one.spec.?type.orValue('ClusterIP') == 'ClusterIP')
      message: this account may make and delete Services of its pools, and no others
      reason: Forbidden
{{ include "ebb.policyBinding" $services }}
---
{{- $slices := dict "root" . "name" (printf "%s-slices" (include "ebb.fullname" .)) }}
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata:
  {{- include "ebb.metadata" $slices | nindent 2 }}
spec:
  matchConstraints:
    resourceRules:
      - apiGroups: [discovery.k8s.io]
        apiVersions: ["*"]
        resources: [endpointslices]
        operations: [CREATE, UPDATE, DELETE]
  matchConditions:
    {{- include "ebb.onlyAccounts" (list . (include "ebb.account" .)) | nindent 4 }}
  validations:
    - expression: >-
        [object, oldObject].all(slice, slice == null ||
        slice.metadata.?labels[?'endpointslice.kubernetes.io/managed-by'].orValue('') == 'selector-operator.{{ include "ebb.group" . }}')
      message: this account may write EndpointSlices managed by selector-operator.{{ include "ebb.group" . }} alone
      reason: Forbidden
{{ include "ebb.policyBinding" $slices }}
---
{{- $pools := dict "root" . "name" (printf "%s-pools" (include "ebb.fullname" .)) }}
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata:
  {{- include "ebb.metadata" $pools | nindent 2 }}
spec:
  matchConstraints:
    resourceRules:
      - apiGroups: [{{ include "ebb.group" . }}]
        apiVersions: ["*"]
        resources: [servicepools]
        operations: [UPDATE]
  matchConditions:
    {{- include "ebb.onlyAccounts" (list . (include "ebb.account" .)) | nindent 4 }}
  variables:
    - name: specs
      expression: "[[dyn(object.spec), dyn(oldObject.spec)], [dyn(oldObject.spec), dyn(object.spec)]]"
  validations:
    - expression: >-
        variables.specs.all(pair, pair[0].all(field, field == 'mode' ||
        pair[1][?field] == optional.of(pair[0][field])))
      message: this account may change the mode of a ServicePool, for pauses, and nothing else
      reason: Forbidden
{{ include "ebb.policyBinding" $pools }}
{{- end }}
{{- end }}
