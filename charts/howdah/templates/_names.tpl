{{- /*
Copyright The Howdah Authors
SPDX-License-Identifier: Apache-2.0
*/ -}}

{{- define "howdah.name" -}}
{{- if contains "howdah" .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{ else }}{{ printf "%s-howdah" (.Release.Name | trunc 33 | trimSuffix "-") }}{{ end }}
{{- end }}

{{- define "howdah.selector" -}}
app.kubernetes.io/name: howdah
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "howdah.labels" -}}
{{ include "howdah.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{- define "howdah.serviceAccount" -}}
{{- if .Values.serviceAccount.name }}{{ .Values.serviceAccount.name }}
{{- else if .Values.serviceAccount.create }}{{ include "howdah.name" . }}
{{- else }}{{ fail "serviceAccount.name: say which, since serviceAccount.create is false" }}
{{- end }}
{{- end }}

{{- define "howdah.image" -}}
{{- with .Values.image -}}
{{- if .registry }}{{ trimSuffix "/" .registry }}/{{ end }}{{ .repository }}
{{- if .digest }}@{{ .digest }}{{ else }}:{{ .tag | default $.Chart.AppVersion }}{{ end }}
{{- end }}
{{- end }}

{{- /* What belongs to the cluster has one name whatever the release: an operator serves all of a cluster, and
Helm refuses a second release that would have the same. */ -}}
{{- define "howdah.clusterRole" -}}howdah-operator{{- end }}
{{- define "howdah.webhookConfiguration" -}}howdah{{- end }}
{{- define "howdah.webhookService" -}}{{ include "howdah.name" . }}-webhook{{- end }}
{{- define "howdah.webhookSecret" -}}{{ include "howdah.name" . }}-webhook-tls{{- end }}
