package dev.ebb.timescaler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.junit.TestNamespace;
import dev.ebb.localcluster.junit.WithCluster;
import dev.ebb.runtime.loop.ReconcileLoop;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.timescaler.api.Hpa;
import dev.ebb.timescaler.api.ScalingSchedule;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A hundred schedules that make no sense among a thousand that do, in the service's own loop. */
@WithCluster(pods = false)
class ManySchedulesIT {

  private static final int GOOD = 1000;
  private static final int BAD = 100;
  private static final String NIGHT =
      "'timeZone': 'Europe/Berlin', 'windows': [{'name': 'night', 'daily': {'from': '22:00',"
          + " 'to': '06:00'}, 'exclude': ['2026-12-25'], 'set': {'minReplicas': 2}}]";

  /** All of them pass the definition. */
  private static final List<String> NONSENSE =
      List.of(
          NIGHT.replace("Europe/Berlin", "Mars/Olympus"),
          NIGHT.replace("2026-12-25", "2026-13-99"),
          NIGHT.replace(
              "'daily': {'from': '22:00', 'to': '06:00'}",
              "'cron': {'start':" + " 'once in a while', 'duration': '1h'}"),
          NIGHT.replace(
              "'daily': {'from': '22:00', 'to': '06:00'}",
              "'cron': {'start':" + " '0 0 * * *', 'duration': 'long'}"),
          NIGHT.replace(
              "'daily': {'from': '22:00', 'to': '06:00'}",
              "'once': {'from':" + " '2026-03-02T00:00:00Z', 'to': '2026-03-01T00:00:00Z'}"));

  @Test
  void badOnesGetTheirConditionAndEventAndGoodOnesNeverWait(Cluster cluster, TestNamespace own) {
    Harness.define(cluster, Harness.CRD);
    try (Harness harness = new Harness(cluster, own.name(), "")) {
      harness.at("2026-03-10T12:00:00Z");
      IntStream.range(0, GOOD + BAD)
          .parallel()
          .forEach(i -> {
            harness.foreignHpa("s" + i, "", 4, 9, "");
            harness.schedule(
                "s" + i,
                "HorizontalPodAutoscaler",
                "s" + i,
                i < BAD ? NONSENSE.get(i % NONSENSE.size()) : NIGHT);
          });
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> harness.known().size() == GOOD + BAD && harness.targets() == GOOD + BAD);

      try (ReconcileLoop<ResourceKey> loop = harness.loop()) {
        loop.start(16);
        harness.known().forEach(loop::add);
        await().atMost(Duration.ofSeconds(120)).until(() -> ready(harness, "True") == GOOD);
        await().atMost(Duration.ofSeconds(120)).until(() -> ready(harness, "False") == BAD);
        int writes = harness.writes().size();

        harness.at("2026-03-10T21:00:00Z");
        long begin = System.nanoTime();
        harness.known().forEach(loop::add);
        await().atMost(Duration.ofSeconds(60)).until(() -> steered(harness) == GOOD);
        System.out.printf(
            "a boundary of %d schedules was applied in %d ms%n",
            GOOD, Duration.ofNanos(System.nanoTime() - begin).toMillis());

        await()
            .atMost(Duration.ofSeconds(60))
            .until(() -> harness.writes().size() == writes + 2 * GOOD);
      }
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() ->
              harness.reasons().stream().filter(reason -> reason.equals("Invalid")).count() == BAD);
    }
  }

  private static long ready(Harness harness, String status) {
    return harness
        .direct
        .list(ScalingSchedule.TYPE, harness.namespace, java.util.Map.of())
        .items()
        .stream()
        .filter(
            s -> s.status().condition("Ready").filter(c -> c.status().equals(status)).isPresent())
        .count();
  }

  private static long steered(Harness harness) {
    return harness.direct.list(Hpa.TYPE, harness.namespace, java.util.Map.of()).items().stream()
        .filter(hpa -> hpa.min() == 2)
        .count();
  }

  @Test
  void everyNonsenseIsOne() {
    assertThat(NONSENSE).doesNotHaveDuplicates().doesNotContain(NIGHT);
  }
}
