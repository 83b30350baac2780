package dev.ebb.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ReportTest {

  private static final Bound BOUND = Bound.atMost(80, 30);

  @Test
  void namesTheGatesThatAreMissedAndNoOthers() {
    Report report =
        new Report(
            "wake",
            "here",
            List.of(
                new Figure("fine", 30, "ms", BOUND),
                new Figure("so so", 80, "ms", BOUND),
                new Figure("late", 80.1, "ms", BOUND),
                Figure.told("only told", 1e9, "ms")));

    assertThat(report.missed()).containsExactly("late is 80.1 ms, the gate is 80");
    assertThat(report.figures())
        .extracting(Figure::verdict)
        .containsExactly(
            Bound.Verdict.GOAL_HELD,
            Bound.Verdict.GATE_HELD,
            Bound.Verdict.GATE_MISSED,
            Bound.Verdict.TOLD);
  }

  @Test
  void whatWasNotMeasuredMissesItsGate() {
    List<Figure> figures = new Spread().figures("nothing", BOUND, BOUND);

    assertThat(new Report("wake", "here", figures).missed()).hasSize(2);
  }

  @Test
  void theLastLineIsOneJsonObject() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Report report = new Report("held", "here", List.of(new Figure("heap", 9, "KB", BOUND)));

    report.print(new PrintStream(out, true, StandardCharsets.UTF_8), true);

    String last = out.toString(StandardCharsets.UTF_8).lines().reduce((a, b) -> b).orElse("");
    JsonNode json = new JsonMapper().readTree(last);
    assertThat(json.path("benchmark").asString()).isEqualTo("held");
    assertThat(json.path("figures").path(0).path("gate").asInt()).isEqualTo(80);
    assertThat(json.path("passed").asBoolean()).isTrue();
  }

  @Test
  void medianAndPercentileAreThoseOfTheDurations() {
    Spread spread = new Spread();
    for (int i = 1; i <= 100; i++) {
      spread.add(i * 1000L);
    }

    assertThat(spread.millis(50)).isBetween(50.0, 50.1);
    assertThat(spread.millis(99)).isBetween(99.0, 99.2);
  }
}
