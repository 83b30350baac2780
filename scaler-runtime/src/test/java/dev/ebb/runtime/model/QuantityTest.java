package dev.ebb.runtime.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Amounts are read as Kubernetes reads them. */
class QuantityTest {

  @ParameterizedTest
  @CsvSource({
    "1Mi, 1048576",
    "10Gi, 10737418240",
    "500M, 500000000",
    "1.5Ki, 1536",
    "42, 42",
    "1e3, 1000",
    "2E, 2000000000000000000",
    "1500m, 1",
    "0, 0",
    "7., 7"
  })
  void readsBytes(String text, long bytes) {
    assertThat(Quantity.bytes(text)).hasValue(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Gi", "-1", "1 Gi", "10Zi", "100Ei", "1e99"})
  void leavesOutWhatIsNone(String text) {
    assertThat(Quantity.bytes(text)).isEmpty();
  }

  @Test
  void leavesOutWhatIsAbsent() {
    assertThat(Quantity.bytes(null)).isEmpty();
  }
}
