package dev.ebb.benchmarks.lab;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** Reads an API server's audit log while it grows. Not thread-safe. */
public final class AuditLog {

  private static final JsonMapper JSON = new JsonMapper();

  private final Path file;
  private long read;

  /** Begins at the log's beginning. */
  public AuditLog(Path file) {
    this.file = file;
  }

  /** What was written since the last call; half a line waits for the next. */
  public List<AuditEvent> news() {
    List<AuditEvent> events = new ArrayList<>();
    try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
      byte[] bytes = new byte[Math.toIntExact(log.length() - read)];
      log.seek(read);
      log.readFully(bytes);
      int begin = 0;
      for (int i = 0; i < bytes.length; i++) {
        if (bytes[i] == '\n') {
          String line = new String(bytes, begin, i - begin, StandardCharsets.UTF_8);
          events.add(AuditEvent.of(JSON.readTree(line)));
          begin = i + 1;
        }
      }
      read += begin;
      return events;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
