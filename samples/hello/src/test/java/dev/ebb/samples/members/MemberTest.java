package dev.ebb.samples.members;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemberTest {

  @TempDir private Path folder;

  private static String get(Broker broker, String path) throws IOException {
    return new String(
        URI.create("http://localhost:" + broker.port() + path).toURL().openStream().readAllBytes(),
        StandardCharsets.UTF_8);
  }

  @Test
  void keepsMessagesOverARestart() throws IOException {
    try (Broker broker = new Broker(new Store(folder), "b-0", 0)) {
      assertThat(get(broker, "/fill?count=2")).isEqualTo("2\n");
    }
    try (Broker broker = new Broker(new Store(folder), "b-0", 0)) {
      assertThat(get(broker, "/messages")).isEqualTo("b-0 message 1\nb-0 message 2\n");
      assertThat(get(broker, "/ready")).isEqualTo("ready\n");
    }
  }

  @Test
  void handsItsMessagesToAPeerOnce() throws IOException {
    Path own = folder.resolve("1");
    new Store(own).add(List.of("a", "b"));
    Store peers = new Store(folder.resolve("0"));
    peers.add(List.of("b", "c"));
    try (Broker peer = new Broker(peers, "b-0", 0)) {
      URI url = URI.create("http://localhost:" + peer.port() + "/messages");

      assertThat(Leaving.handOver(own, url)).startsWith("2 messages handed over");
      assertThat(Leaving.handOver(own, url)).startsWith("there are no messages");
    }
    assertThat(peers.all()).containsExactly("b", "c", "a");
    assertThat(new Store(own).all()).isEmpty();
  }

  @Test
  void keepsWhatAPeerDoesNotTake() throws IOException {
    new Store(folder).add(List.of("a"));
    Broker peer = new Broker(new Store(folder.resolve("0")), "b-0", 0);
    peer.close();

    assertThatThrownBy(() ->
            Leaving.handOver(folder, URI.create("http://localhost:" + peer.port() + "/messages")))
        .isInstanceOf(IOException.class);
    assertThat(new Store(folder).all()).containsExactly("a");
  }

  @Test
  void dumpsAVolumeAsItIs() throws IOException {
    Path data = Files.createDirectories(folder.resolve("data/deeper"));
    Files.writeString(data.resolve("x"), "1");
    new Store(folder.resolve("data")).add(List.of("a"));
    Path backup = folder.resolve("backup/db-1");

    assertThat(Leaving.dump(folder.resolve("data"), backup)).startsWith("2 files");

    assertThat(new Store(backup).all()).containsExactly("a");
    assertThat(backup.resolve("deeper/x")).hasContent("1");
  }
}
