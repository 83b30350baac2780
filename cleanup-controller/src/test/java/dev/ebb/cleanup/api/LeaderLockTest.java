package dev.ebb.cleanup.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.cleanup.World;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who leads by the predecessor's lock, of each kind. */
class LeaderLockTest {

  private static final Instant NOW = Instant.parse("2026-03-10T12:00:00Z");

  private static LeaderLock read(String json) {
    return World.JSON.treeToValue(World.object(json), LeaderLock.class);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-03-10T11:59:50.000000Z, 15, true",
    "2026-03-10T11:59:45Z, 15, false",
    "2026-03-10T11:59:00Z, 120, true",
    "nonsense, 15, false"
  })
  void holdsALease(String renewed, int seconds, boolean holds) {
    LeaderLock lock =
        read(
            "{'metadata': {'name': 'x'}, 'spec': {'holderIdentity': 'host', 'renewTime': '%s', 'leaseDurationSeconds': %d}}"
                .formatted(renewed, seconds));

    assertThat(lock.holder(NOW).isPresent()).isEqualTo(holds);
  }

  @Test
  void holdsAnAnnotation() {
    String record =
        "{\\\"holderIdentity\\\":\\\"host\\\",\\\"leaseDurationSeconds\\\":15,\\\"renewTime\\\":\\\"2026-03-10T11:59:50Z\\\"}";
    LeaderLock lock =
        read(
            "{'metadata': {'name': 'x', 'annotations': {'control-plane.alpha.kubernetes.io/leader': '%s'}}}"
                .formatted(record));

    assertThat(lock.holder(NOW)).hasValue("host");
    assertThat(lock.holder(NOW.plusSeconds(10))).isEmpty();
  }

  @Test
  void isHeldByNobodyWhoLeftItEmpty() {
    assertThat(read("{'metadata': {'name': 'x'}}").holder(NOW)).isEmpty();
    assertThat(
            read("{'metadata': {'annotations': {'control-plane.alpha.kubernetes.io/leader': 'no json'}}}")
                .holder(NOW))
        .isEmpty();
  }
}
