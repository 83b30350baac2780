package dev.ebb.samples.members;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Messages in a file, one a line. A message that is there already is not kept twice, so that who
 * does not know whether it arrived may send it again. Thread-safe.
 */
final class Store {

  private final Path file;
  private final Set<String> messages;

  /** Opens what lies in a folder, or begins with nothing. */
  Store(Path folder) throws IOException {
    Files.createDirectories(folder);
    this.file = folder.resolve("messages");
    this.messages = new LinkedHashSet<>(Files.exists(file) ? Files.readAllLines(file) : List.of());
  }

  synchronized List<String> all() {
    return List.copyOf(messages);
  }

  /** Keeps messages, and returns when they lie on the disk. */
  synchronized void add(List<String> more) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (String message : more) {
      if (!message.isBlank() && !messages.contains(message)) {
        lines.append(message).append('\n');
      }
    }
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      out.write(java.nio.ByteBuffer.wrap(lines.toString().getBytes(StandardCharsets.UTF_8)));
      out.force(true);
    }
    lines.toString().lines().forEach(messages::add);
  }

  /** Forgets everything, also on the disk. */
  synchronized void clear() throws IOException {
    Files.deleteIfExists(file);
    messages.clear();
  }
}
