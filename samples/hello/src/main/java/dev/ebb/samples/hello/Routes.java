package dev.ebb.samples.hello;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What can be asked.
 *
 * <ul>
 *   <li>{@code /ready}: 200, or 503 until {@code READY_AFTER_MS} have passed and while stopping
 *   <li>{@code /slow?ms=}: the answer of {@code /} after a pause, ten minutes at most
 *   <li>{@code /busy?ms=}: the same, computing meanwhile, a minute at most
 *   <li>{@code /stream?bytes=&ms=}: so many bytes, chunked, with a pause after each 16 KiB
 *   <li>{@code /echo}: the body, passed back while it arrives
 *   <li>{@code /headers}: the request's headers as received, one a line
 *   <li>{@code /status?code=}: that status
 *   <li>{@code /upgrade}: 101, then an echo of bytes
 *   <li>{@code /cut}: closes the connection without an answer
 *   <li>everything else: JSON that says who answers and what was asked
 * </ul>
 */
final class Routes {

  private static final String JSON = "application/json";
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final long LONGEST_PAUSE_MS = Duration.ofMinutes(10).toMillis();
  private static final long LONGEST_WORK_MS = Duration.ofMinutes(1).toMillis();
  private static final long LARGEST_STREAM = 16L << 30;

  private final Settings settings;
  private final Clock clock;
  private final Instant startedAt;
  private final AtomicReference<@Nullable Instant> firstAcceptAt = new AtomicReference<>();
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final AtomicLong requests = new AtomicLong();

  Routes(Settings settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
    this.startedAt = clock.instant();
  }

  void accepted() {
    if (firstAcceptAt.get() == null) {
      firstAcceptAt.compareAndSet(null, clock.instant());
    }
  }

  void stop() {
    stopping.set(true);
  }

  Answer answer(Request request) throws IOException, InterruptedException {
    return switch (request.path()) {
      case "/ready" -> ready();
      case "/slow" -> {
        Thread.sleep(request.number("ms", 1_000, LONGEST_PAUSE_MS));
        yield hello(request);
      }
      case "/busy" -> {
        compute(Duration.ofMillis(request.number("ms", 100, LONGEST_WORK_MS)));
        yield hello(request);
      }
      case "/stream" -> stream(request);
      case "/echo" ->
          new Answer.Stream(
              request.header("Content-Type").orElse("application/octet-stream"),
              request.length(),
              Answer.Body.copy(request.body()));
      case "/headers" ->
          new Answer.Text(
              200,
              TEXT,
              request.headers().stream()
                  .map(header -> header.name() + ": " + header.value() + "\n")
                  .collect(Collectors.joining()));
      case "/status" -> {
        int status = (int) request.number("code", 200, 599);
        yield new Answer.Text(Math.max(200, status), TEXT, status + "\n");
      }
      case "/upgrade" ->
          request
              .header("Upgrade")
              .<Answer>map(Answer.Upgrade::new)
              .orElseGet(() -> new Answer.Text(426, TEXT, "an Upgrade header is missing\n"));
      case "/cut" -> new Answer.Cut();
      default -> hello(request);
    };
  }

  private Answer ready() {
    if (stopping.get()) {
      return new Answer.Text(503, TEXT, "stopping\n");
    }
    boolean ready = !clock.instant().isBefore(startedAt.plus(settings.readyAfter()));
    return new Answer.Text(ready ? 200 : 503, TEXT, ready ? "ready\n" : "warming up\n");
  }

  private Answer hello(Request request) throws IOException {
    long bodyBytes = request.body().transferTo(java.io.OutputStream.nullOutputStream());
    var json =
        new Json()
            .text("pod", settings.pod())
            .text("node", settings.node())
            .text("startedAt", startedAt.toString())
            .text("firstAcceptAt", String.valueOf(firstAcceptAt.get()))
            .number("requests", requests.incrementAndGet())
            .text("method", request.method())
            .text("target", request.target())
            .text("path", request.path())
            .text("query", request.query())
            .number("headersCount", request.headers().size())
            .number("bodyBytes", bodyBytes);
    return new Answer.Text(200, JSON, json.end());
  }

  private static Answer stream(Request request) {
    long bytes = request.number("bytes", 1 << 20, LARGEST_STREAM);
    long pause = request.number("ms", 0, LONGEST_PAUSE_MS);
    return new Answer.Stream(
        "application/octet-stream",
        -1,
        out -> {
          byte[] block = new byte[16 * 1024];
          Arrays.fill(block, (byte) 'e');
          for (long left = bytes; left > 0; left -= block.length) {
            out.write(block, 0, (int) Math.min(left, block.length));
            out.flush();
            if (pause > 0) {
              Thread.sleep(pause);
            }
          }
        });
  }

  private static void compute(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() - end < 0) {
      Thread.onSpinWait();
    }
  }

  /** A flat JSON object; whatever is not printable ASCII is escaped, so raw bytes survive. */
  private static final class Json {
    private final StringBuilder out = new StringBuilder("{");

    Json text(String key, String value) {
      key(key).append('"');
      for (int i = 0; i < value.length(); i++) {
        char c = value.charAt(i);
        if (c == '"' || c == '\\') {
          out.append('\\').append(c);
        } else if (c < ' ' || c > '~') {
          out.append(String.format("\\u%04x", (int) c));
        } else {
          out.append(c);
        }
      }
      out.append('"');
      return this;
    }

    Json number(String key, long value) {
      key(key).append(value);
      return this;
    }

    private StringBuilder key(String key) {
      return out.append(out.length() > 1 ? "," : "").append('"').append(key).append("\":");
    }

    String end() {
      return out.append("}\n").toString();
    }
  }
}
