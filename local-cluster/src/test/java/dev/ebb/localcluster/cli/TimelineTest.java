package dev.ebb.localcluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.localcluster.cli.Timeline.Phase;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TimelineTest {

  private static final JsonMapper JSON = new JsonMapper();
  private final Timeline timeline = new Timeline();

  @Test
  void tellsTheWayFromAsleepToAsleep() {
    way();

    assertThat(timeline.replicas()).containsExactly(0, 1, 0);
    assertThat(timeline.pod()).isEqualTo("hello-1");
    assertThat(timeline.marks().stream().map(Timeline.Mark::phase)).containsExactly(Phase.values());
    assertThat(timeline.table()).contains("    10 ms  scale patched 0→1");
  }

  @Test
  void acceptsOnlyAnAnswerFromTheWokenPod() {
    way();

    assertThat(new Demo.Outcome(200, "{\"pod\":\"hello-1\"}", timeline).flaw()).isEmpty();
    assertThat(new Demo.Outcome(200, "{\"pod\":\"hello-0\"}", timeline).flaw())
        .contains("did not come from the woken pod hello-1");
    assertThat(new Demo.Outcome(503, "busy", timeline).flaw()).contains("503");
  }

  @Test
  void acceptsOnlyZeroOneZero() {
    deployment(0, 0);
    deployment(2, 10);
    deployment(0, 20);

    assertThat(new Demo.Outcome(200, "", timeline).flaw()).contains("[0, 2, 0]");
  }

  private void way() {
    deployment(0, 1);
    timeline.mark(Phase.SENT, 1_000);
    deployment(1, 11_000);
    pod("ADDED", "", 20_000);
    pod("MODIFIED", "{\"conditions\":[{\"type\":\"PodScheduled\",\"status\":\"True\"}]}", 30_000);
    pod("MODIFIED", "{\"containerStatuses\":[{\"state\":{\"running\":{}}}]}", 40_000);
    pod("MODIFIED", "{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}", 50_000);
    timeline.mark(Phase.FIRST_BYTE, 60_000);
    timeline.mark(Phase.ANSWERED, 61_000);
    deployment(0, 70_000);
    pod("DELETED", "{}", 80_000);
  }

  private void deployment(int replicas, long micros) {
    timeline.deployment(
        json("{\"type\":\"MODIFIED\",\"object\":{\"spec\":{\"replicas\":" + replicas + "}}}"),
        micros);
  }

  private void pod(String type, String status, long micros) {
    String body = status.isEmpty() ? "{}" : status;
    timeline.pod(
        json(
            "{\"type\":\""
                + type
                + "\",\"object\":{\"metadata\":{\"name\":\"hello-1\"},\"status\":"
                + body
                + "}}"),
        micros);
  }

  private static JsonNode json(String text) {
    return JSON.readTree(text);
  }

  @Test
  void quotesWordsForEveryShell() {
    assertThat(List.of("a b", "it's", "$HOME").stream().map(ClusterCommand::quoted))
        .containsExactly("'a b'", "'it'\\''s'", "'$HOME'");
  }
}
