package dev.ebb.autoscaler.activity;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Takes server-sent events out of a byte stream, however it is cut. Not thread-safe. */
final class EventStreamDecoder {

  private static final int LONGEST_LINE = 64 << 20;

  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final StringBuilder data = new StringBuilder();

  /** Returns the data of the events that these bytes complete. */
  List<String> accept(byte[] bytes) {
    List<String> events = new ArrayList<>();
    for (byte b : bytes) {
      if (b == '\n') {
        endOfLine(events);
      } else if (b != '\r') {
        line.write(b);
        if (line.size() > LONGEST_LINE) {
          throw new IllegalStateException("an event is longer than " + LONGEST_LINE + " bytes");
        }
      }
    }
    return events;
  }

  private void endOfLine(List<String> events) {
    String text = line.toString(StandardCharsets.UTF_8);
    line.reset();
    if (text.isEmpty()) {
      if (!data.isEmpty()) {
        events.add(data.toString());
        data.setLength(0);
      }
    } else if (text.startsWith("data:")) {
      String value = text.substring(5);
      data.append(data.isEmpty() ? "" : "\n")
          .append(value.startsWith(" ") ? value.substring(1) : value);
    }
  }
}
