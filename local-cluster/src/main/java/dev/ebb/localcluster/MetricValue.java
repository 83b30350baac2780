package dev.ebb.localcluster;

import java.util.Map;
import java.util.TreeMap;

/**
 * One value of a metrics API.
 *
 * @param namespace the namespace of the object, or of who asks for an external metric; empty for
 *     objects without
 * @param resource the object's resource, for example {@code deployments.apps}; empty where the
 *     metric is external
 * @param name the object's name; empty where the metric is external
 * @param metric the metric's name
 * @param labels what selectors of the metric are held against
 * @param value a quantity as Kubernetes writes them: {@code 250}, {@code 1500m}, {@code 2Gi}
 */
public record MetricValue(
    String namespace,
    String resource,
    String name,
    String metric,
    Map<String, String> labels,
    String value) {

  /** Keeps the labels as they are now. */
  public MetricValue {
    labels = Map.copyOf(labels);
  }

  /** A metric of {@code custom.metrics.k8s.io}, about an object. */
  public static MetricValue ofObject(
      String namespace, String resource, String name, String metric, String value) {
    return new MetricValue(namespace, resource, name, metric, Map.of(), value);
  }

  /** A metric of {@code external.metrics.k8s.io}, about nothing in the cluster. */
  public static MetricValue external(String namespace, String metric, String value) {
    return new MetricValue(namespace, "", "", metric, Map.of(), value);
  }

  /** The same with one more label. */
  public MetricValue withLabel(String key, String labelValue) {
    Map<String, String> more = new TreeMap<>(labels);
    more.put(key, labelValue);
    return new MetricValue(namespace, resource, name, metric, more, value);
  }

  /** Whether it takes the other's place. */
  boolean isOf(MetricValue other) {
    return new MetricValue(namespace, resource, name, metric, labels, other.value).equals(other);
  }
}
