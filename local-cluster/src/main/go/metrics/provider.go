package main

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"
	"k8s.io/metrics/pkg/apis/custom_metrics"
	"k8s.io/metrics/pkg/apis/external_metrics"
	api "sigs.k8s.io/custom-metrics-apiserver/pkg/provider"
	"sigs.k8s.io/custom-metrics-apiserver/pkg/provider/helpers"
)

// value is one entry of the file: of an object where a resource is named, external where none is.
type value struct {
	Namespace string            `json:"namespace"`
	Resource  string            `json:"resource"`
	Name      string            `json:"name"`
	Metric    string            `json:"metric"`
	Labels    map[string]string `json:"labels"`
	Value     resource.Quantity `json:"value"`
}

type provider struct {
	file   string
	client dynamic.Interface
	mapper meta.RESTMapper
}

func (p *provider) values() ([]value, error) {
	content, err := os.ReadFile(p.file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var values []value
	return values, json.Unmarshal(content, &values)
}

func (p *provider) GetMetricByName(_ context.Context, name types.NamespacedName, info api.CustomMetricInfo, selector labels.Selector) (*custom_metrics.MetricValue, error) {
	values, err := p.values()
	if err != nil {
		return nil, err
	}
	for _, v := range values {
		if v.Name == name.Name && v.Namespace == name.Namespace && selector.Matches(labels.Set(v.Labels)) && p.is(v, info) {
			return p.custom(v, info, selector)
		}
	}
	return nil, api.NewMetricNotFoundForError(info.GroupResource, info.Metric, name.Name)
}

func (p *provider) GetMetricBySelector(_ context.Context, namespace string, objects labels.Selector, info api.CustomMetricInfo, selector labels.Selector) (*custom_metrics.MetricValueList, error) {
	values, err := p.values()
	if err != nil {
		return nil, err
	}
	names, err := helpers.ListObjectNames(p.mapper, p.client, namespace, objects, info)
	if err != nil {
		return nil, err
	}
	exists := map[string]bool{}
	for _, name := range names {
		exists[name] = true
	}
	list := &custom_metrics.MetricValueList{}
	for _, v := range values {
		if exists[v.Name] && v.Namespace == namespace && selector.Matches(labels.Set(v.Labels)) && p.is(v, info) {
			item, err := p.custom(v, info, selector)
			if err != nil {
				return nil, err
			}
			list.Items = append(list.Items, *item)
		}
	}
	return list, nil
}

// is compares resources as the API server knows them: deployments, deployments.apps and deploy are one.
func (p *provider) is(v value, info api.CustomMetricInfo) bool {
	if v.Resource == "" || v.Metric != info.Metric {
		return false
	}
	own, _, err := api.CustomMetricInfo{GroupResource: schema.ParseGroupResource(v.Resource)}.Normalized(p.mapper)
	if err != nil {
		return false
	}
	asked, _, err := info.Normalized(p.mapper)
	return err == nil && own.GroupResource == asked.GroupResource
}

func (p *provider) custom(v value, info api.CustomMetricInfo, selector labels.Selector) (*custom_metrics.MetricValue, error) {
	object, err := helpers.ReferenceFor(p.mapper, types.NamespacedName{Namespace: v.Namespace, Name: v.Name}, info)
	if err != nil {
		return nil, err
	}
	metric := custom_metrics.MetricIdentifier{Name: v.Metric}
	if !selector.Empty() {
		if metric.Selector, err = metav1.ParseToLabelSelector(selector.String()); err != nil {
			return nil, err
		}
	}
	return &custom_metrics.MetricValue{DescribedObject: object, Metric: metric, Timestamp: metav1.Now(), Value: v.Value}, nil
}

// ListAllMetrics is what discovery shows.
func (p *provider) ListAllMetrics() []api.CustomMetricInfo {
	values, _ := p.values()
	seen := map[api.CustomMetricInfo]bool{}
	infos := []api.CustomMetricInfo{}
	for _, v := range values {
		info := api.CustomMetricInfo{GroupResource: schema.ParseGroupResource(v.Resource), Namespaced: v.Namespace != "", Metric: v.Metric}
		if v.Resource != "" && !seen[info] {
			seen[info] = true
			infos = append(infos, info)
		}
	}
	return infos
}

func (p *provider) GetExternalMetric(_ context.Context, namespace string, selector labels.Selector, info api.ExternalMetricInfo) (*external_metrics.ExternalMetricValueList, error) {
	values, err := p.values()
	if err != nil {
		return nil, err
	}
	list := &external_metrics.ExternalMetricValueList{}
	for _, v := range values {
		if v.Resource == "" && v.Metric == info.Metric && v.Namespace == namespace && selector.Matches(labels.Set(v.Labels)) {
			list.Items = append(list.Items, external_metrics.ExternalMetricValue{
				MetricName: v.Metric, MetricLabels: v.Labels, Timestamp: metav1.Now(), Value: v.Value,
			})
		}
	}
	return list, nil
}

// ListAllExternalMetrics is what discovery shows.
func (p *provider) ListAllExternalMetrics() []api.ExternalMetricInfo {
	values, _ := p.values()
	seen := map[string]bool{}
	infos := []api.ExternalMetricInfo{}
	for _, v := range values {
		if v.Resource == "" && !seen[v.Metric] {
			seen[v.Metric] = true
			infos = append(infos, api.ExternalMetricInfo{Metric: v.Metric})
		}
	}
	return infos
}
