package dev.ebb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kubectl ebb simulate -f}: no cluster is asked, and none is there. */
class ScheduleFileTest {

  private static final String SCHEDULE =
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: other}
      ---
      apiVersion: ebb.dev/v1alpha1
      kind: ScalingSchedule
      metadata: {name: shop}
      spec:
        targetRef: {apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, name: shop}
        timeZone: Europe/Berlin
        baseline: {minReplicas: 4, maxReplicas: 9}
        windows:
          - name: night
            daily: {from: "22:00", to: "06:00"}
            set: {minReplicas: 1}
      """;
  private static final String MORE =
      """
          - name: late
            daily: {from: "23:00", to: "23:30"}
            set: {minReplicas: 2}
          - name: sale
            once: {from: "2025-01-01T00:00:00Z", to: "2025-01-02T00:00:00Z"}
            set: {maxReplicas: 80}
          - name: closed
            daily: {from: "12:00", to: "13:00"}
            set: {hibernate: true}
      """;

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String yaml, String... more) throws IOException {
    Path file = Files.writeString(folder.resolve("shop.yaml"), yaml);
    String[] words = new String[more.length + 7];
    System.arraycopy(
        new String[] {
          "simulate",
          "-f",
          file.toString(),
          "--from",
          "2026-03-10T00:00:00Z",
          "--to",
          "2026-03-11T00:00:00Z"
        },
        0,
        words,
        0,
        7);
    System.arraycopy(more, 0, words, 7, more.length);
    return EbbCommand.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(words);
  }

  @Test
  void aFileIsSimulatedWithoutACluster() throws IOException {
    assertThat(run(SCHEDULE, "--check")).isZero();

    assertThat(out.toString())
        .contains("2026-03-10T00:00:00Z   night      1     9", "#--------")
        .contains("2026-03-10T05:00:00Z   baseline   4     9", "####-----")
        .contains("No window is open 1 times, the baseline holds then");
  }

  @Test
  void aCheckFindsOverlapsAndDeadWindows() throws IOException {
    assertThat(run(SCHEDULE + MORE, "--check")).isEqualTo(1);

    assertThat(out.toString())
        .contains("Sets nothing in that time: sale")
        .contains("From 2026-03-10T22:00:00Z on late and night want different things: late wins")
        .contains("hibernates");
  }

  @Test
  void whatMakesNoSenseIsSaid() throws IOException {
    assertThat(run(SCHEDULE.replace("Europe/Berlin", "Mars/Olympus"), "--check")).isEqualTo(1);
    assertThat(out.toString()).contains("spec.timeZone");

    assertThat(run(SCHEDULE.replace("minReplicas: 1", "minReplicas: many"))).isEqualTo(1);
    assertThat(err.toString()).contains("shop.yaml");
    assertThat(run("kind: ConfigMap")).isEqualTo(1);
    assertThat(err.toString()).contains("holds no ScalingSchedule");
    assertThat(run(SCHEDULE, "--from", "tomorrow")).isEqualTo(2);
  }
}
