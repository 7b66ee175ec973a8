{{/* The name of the operator's objects. */}}
{{- define "lilio.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride -}}
{{- else if contains "operator" .Release.Name -}}
{{- .Release.Name -}}
{{- else -}}
{{- printf "%s-operator" .Release.Name -}}
{{- end -}}
{{- end }}

{{/* The name of objects that belong to no namespace: another release of the same name may be elsewhere. */}}
{{- define "lilio.clusterWideName" -}}
{{- printf "%s-%s" (include "lilio.fullname" .) .Release.Namespace -}}
{{- end }}

{{- define "lilio.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- .Values.serviceAccount.name | default (include "lilio.fullname" .) -}}
{{- else -}}
{{- .Values.serviceAccount.name | default "default" -}}
{{- end -}}
{{- end }}

{{- define "lilio.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) -}}
{{- end -}}
{{- end }}

{{/* What selects the operator's pods; never changed. */}}
{{- define "lilio.selectorLabels" -}}
app.kubernetes.io/name: lilio-operator
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end }}

{{- define "lilio.labels" -}}
{{ include "lilio.selectorLabels" . }}
app.kubernetes.io/component: operator
app.kubernetes.io/part-of: lilio
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* What every container keeps of the restricted Pod Security Standard. */}}
{{- define "lilio.containerSecurityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop:
    - ALL
{{- end }}

{{- define "lilio.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
seccompProfile:
  type: RuntimeDefault
{{- end }}
