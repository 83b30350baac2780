package dev.ebb.localcluster.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ebb.localcluster.ClusterException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceSourcesTest {

  @TempDir private Path root;

  @Test
  void startsTheClassThatTheImageStarts() throws IOException {
    Files.createDirectories(root.resolve("some-service"));
    Files.writeString(
        root.resolve("some-service/pom.xml"),
        "<properties>\n  <image.main>dev.ebb.some.SomeApplication</image.main>\n</properties>");

    assertThat(of("some-service").main()).isEqualTo("dev.ebb.some.SomeApplication");
  }

  @Test
  void aModuleThatIsNoServiceIsNamed() throws IOException {
    Files.createDirectories(root.resolve("scaler-api"));
    Files.writeString(root.resolve("scaler-api/pom.xml"), "<project/>");

    assertThatThrownBy(() -> of("scaler-api").main())
        .isInstanceOf(ClusterException.class)
        .hasMessageContaining("scaler-api");
    assertThatThrownBy(() -> of("nowhere").main()).hasMessageContaining("nowhere");
  }

  private ServiceSources of(String module) {
    return new ServiceSources(new Repository(root), module);
  }
}
