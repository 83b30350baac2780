package dev.ebb.localcluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CleanupTimelineTest {

  private final CleanupTimeline timeline = new CleanupTimeline();

  private static JsonNode event(String type, String object) {
    return new JsonMapper()
        .readTree("{\"type\":\"" + type + "\",\"object\":" + object.replace('\'', '"') + "}");
  }

  private static String pod(String phase) {
    return "{'metadata':{'name':'b-1','annotations':{'statefulsets.kubernetes.io/scaledown-pod-owner':'b'}},'status':{'phase':'%s'}}"
        .formatted(phase);
  }

  @Test
  void tellsWhatHappenedSinceItWasScaled() {
    timeline.claim(event("DELETED", "{'metadata':{'name':'older'}}"), 1);
    timeline.set(event("ADDED", "{'spec':{'replicas':2}}"), 1_000);
    timeline.set(event("MODIFIED", "{'spec':{'replicas':1}}"), 2_000);
    timeline.pod(event("DELETED", "{'metadata':{'name':'b-1'}}"), 3_000);
    timeline.pod(event("ADDED", pod("Pending")), 4_000);
    timeline.pod(event("MODIFIED", pod("Succeeded")), 5_000);
    timeline.pod(event("MODIFIED", pod("Succeeded")), 6_000);
    timeline.claim(event("DELETED", "{'metadata':{'name':'data-b-1'}}"), 7_000);
    timeline.volume(event("DELETED", "{'spec':{'claimRef':{'name':'data-b-1'}}}"), 8_000);

    assertThat(timeline.table())
        .containsExactly(
            "     0 ms  scaled 2→1",
            "     1 ms  b-1 is gone",
            "     2 ms  cleanup pod b-1 is made",
            "     3 ms  cleanup pod b-1 has succeeded",
            "     5 ms  claim data-b-1 is gone",
            "     6 ms  volume of data-b-1 is freed");
  }

  @Test
  void saysWhatIsLost() {
    Set<String> sent = new java.util.HashSet<>();
    for (int n = 0; n < 60; n++) {
      sent.add("m" + n);
    }
    List<String> left = List.of("data-broker-0");
    assertThat(new CleanupDemo.Outcome(sent, sent, left, timeline).flaw()).isEmpty();
    assertThat(new CleanupDemo.Outcome(sent, Set.of("m1"), left, timeline).flaw())
        .contains("59 messages are lost");
    assertThat(new CleanupDemo.Outcome(sent, sent, List.of(), timeline).flaw()).contains("claims");
  }
}
