package dev.ebb.localcluster;

/**
 * What the metrics APIs of a cluster answer. A value stands until it is set again; who reads it
 * after {@code set} returned gets the new one.
 */
public interface Metrics {

  /** Sets one value, in place of the one of the same object, metric and labels. */
  void set(MetricValue value);

  /** Forgets every value: readers are told that there is no such metric. */
  void clear();
}
