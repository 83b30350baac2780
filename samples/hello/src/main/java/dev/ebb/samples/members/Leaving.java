package dev.ebb.samples.members;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** What is done with a member's volume when the member has gone. Each may be done again. */
final class Leaving {

  private static final int PATIENCE = (int) Duration.ofSeconds(10).toMillis();

  private Leaving() {}

  /** Gives a volume's messages to a peer, and forgets them when the peer has them on its disk. */
  static String handOver(Path folder, URI peer) throws IOException {
    Store store = new Store(folder);
    List<String> messages = store.all();
    if (messages.isEmpty()) {
      return "there are no messages to hand over";
    }
    HttpURLConnection connection = (HttpURLConnection) peer.toURL().openConnection();
    connection.setConnectTimeout(PATIENCE);
    connection.setReadTimeout(PATIENCE);
    connection.setRequestMethod("POST");
    connection.setDoOutput(true);
    connection.getOutputStream().write(Broker.lines(messages).getBytes(StandardCharsets.UTF_8));
    int status = connection.getResponseCode();
    if (status != 200) {
      throw new IOException(peer + " answers " + status);
    }
    String answer =
        new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    store.clear();
    return "%d messages handed over to %s, which holds %s now"
        .formatted(messages.size(), peer, answer);
  }

  /** Copies a volume into a folder of another one, and reads each copy to see whether it is one. */
  static String dump(Path folder, Path target) throws IOException {
    Files.createDirectories(target);
    int copied = 0;
    List<Path> files;
    try (Stream<Path> tree = Files.walk(folder)) {
      files = tree.filter(Files::isRegularFile).toList();
    }
    for (Path file : files) {
      Path copy = target.resolve(folder.relativize(file).toString());
      Files.createDirectories(copy.getParent());
      Files.write(copy, Files.readAllBytes(file));
      if (Files.mismatch(file, copy) >= 0) {
        throw new IOException(copy + " is not what " + file + " is");
      }
      copied++;
    }
    return "%d files of %s are in %s".formatted(copied, folder, target);
  }
}
