package dev.ebb.localcluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final Progress progress =
      Progress.on(new PrintStream(out, true, StandardCharsets.UTF_8), false);

  @Test
  void countsStepsAndSaysHowLongTheyTook() {
    progress.expect(2);
    progress.step("one", () -> {});
    progress.step("two", () -> {});

    assertThat(text().lines())
        .satisfiesExactly(
            line -> assertThat(line).matches("\\[step 1/2] one: done in \\d+\\.\\d s"),
            line -> assertThat(line).matches("\\[step 2/2] two: done in \\d+\\.\\d s"));
  }

  @Test
  void neverCountsBeyondTheEnd() {
    progress.step("surprise", () -> {});

    assertThat(text()).startsWith("[step 1/1] surprise");
  }

  @Test
  void saysThatAStepFailed() {
    assertThatThrownBy(() ->
            progress.step(
                "one",
                () -> {
                  throw new ClusterException("broken");
                }))
        .hasMessage("broken");
    assertThat(text()).contains("one: failed after");
  }

  @Test
  void givesASignOfLifeAfterTwoSeconds() {
    progress.step("slow", () -> await().until(() -> text().contains("slow …")));

    // On a machine that is busy it comes a little later.
    assertThat(text()).containsPattern("slow … (1\\.9|[2-9]\\.\\d) s");
  }

  private String text() {
    return out.toString(StandardCharsets.UTF_8);
  }
}
