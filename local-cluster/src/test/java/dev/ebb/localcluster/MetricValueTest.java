package dev.ebb.localcluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MetricValueTest {

  private static final MetricValue THREE = MetricValue.external("shop", "depth", "3");

  @Test
  void takesThePlaceOfAnotherValueOfTheSameMetric() {
    assertThat(MetricValue.external("shop", "depth", "4").isOf(THREE)).isTrue();
  }

  @Test
  void standsBesideValuesOfOtherLabelsObjectsAndNamespaces() {
    assertThat(THREE.withLabel("queue", "a").isOf(THREE)).isFalse();
    assertThat(MetricValue.external("other", "depth", "3").isOf(THREE)).isFalse();
    assertThat(MetricValue.ofObject("shop", "pods", "p", "depth", "3").isOf(THREE)).isFalse();
  }
}
