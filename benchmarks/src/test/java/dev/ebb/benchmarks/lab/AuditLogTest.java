package dev.ebb.benchmarks.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {

  private static final String PATCH =
      """
      {"kind":"Event","stage":"ResponseComplete","verb":"patch",\
      "user":{"username":"system:serviceaccount:ebb-system:ebb-dlx-gateway",\
      "extra":{"authentication.kubernetes.io/pod-name":["ebb-dlx-gateway-1"]}},\
      "objectRef":{"resource":"deployments","namespace":"n","name":"hello","subresource":"scale"},\
      "responseStatus":{"code":200},"requestReceivedTimestamp":"2026-01-01T00:00:00.000250Z",\
      "stageTimestamp":"2026-01-01T00:00:00.004000Z"}
      """;

  @Test
  void readsWhatIsNewAndLeavesHalfALineForLater(@TempDir Path dir) throws IOException {
    Path file = dir.resolve("audit.log");
    Files.writeString(file, PATCH + PATCH.substring(0, 50));
    AuditLog log = new AuditLog(file);

    assertThat(log.news()).hasSize(1);
    assertThat(log.news()).isEmpty();

    Files.writeString(file, PATCH.substring(50), StandardOpenOption.APPEND);
    assertThat(log.news())
        .singleElement()
        .satisfies(event -> {
          assertThat(event.did("patch", "deployments/scale", "n")).isTrue();
          assertThat(event.userPod()).isEqualTo("ebb-dlx-gateway-1");
          assertThat(event.done() - event.received()).isEqualTo(3750);
        });
  }

  @Test
  void aWriteThatWasRefusedWasNotDone(@TempDir Path dir) throws IOException {
    Path file = dir.resolve("audit.log");
    Files.writeString(file, PATCH.replace("\"code\":200", "\"code\":409"));

    assertThat(new AuditLog(file).news().getFirst().did("patch", "deployments/scale", "n"))
        .isFalse();
  }
}
