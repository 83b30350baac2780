package dev.ebb.localcluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Runs programs and waits for them. */
final class Commands {

  private static final Executor VIRTUAL = task -> Thread.ofVirtual().start(task);

  private Commands() {}

  /** Runs a command to its end, or kills it after the limit (exit code 124, as timeout(1)). */
  static Result run(List<String> command, Map<String, String> environment, Duration limit) {
    String shown = shown(command);
    try {
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().putAll(environment);
      Process process = builder.start();
      process.getOutputStream().close();
      var out = CompletableFuture.supplyAsync(() -> read(process.getInputStream()), VIRTUAL);
      var err = CompletableFuture.supplyAsync(() -> read(process.getErrorStream()), VIRTUAL);
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
        return new Result(shown, 124, "", "no end after " + limit.toSeconds() + " s");
      }
      return new Result(shown, process.exitValue(), out.join(), err.join());
    } catch (IOException cannotStart) {
      return new Result(shown, 127, "", String.valueOf(cannotStart.getMessage()));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new ClusterException("interrupted while running " + shown, interrupted);
    }
  }

  private static String read(InputStream stream) {
    try (stream) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private static String shown(List<String> command) {
    String program = command.getFirst();
    String line =
        program.substring(program.lastIndexOf('/') + 1)
            + command.stream().skip(1).map(word -> " " + word).collect(Collectors.joining());
    return line.length() > 120 ? line.substring(0, 120) + "…" : line;
  }
}
