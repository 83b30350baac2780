package dev.ebb.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Runs the kubectl that this is a plug-in of, so that contexts, credential plug-ins, proxies and
 * timeouts are those that the user knows. Thread-safe.
 */
final class Kubectl {

  private final String program;
  private final List<String> flags;

  Kubectl(List<String> flags) {
    this(System.getenv().getOrDefault("KUBECTL", "kubectl"), flags);
  }

  Kubectl(String program, List<String> flags) {
    this.program = program;
    this.flags = List.copyOf(flags);
  }

  /** How a run ended. */
  record Result(int exitCode, String out, String err) {
    boolean ok() {
      return exitCode == 0;
    }
  }

  /** Runs to the end and returns the output; what fails is told as kubectl told it. */
  String run(String... words) {
    Result result = tryRun(words);
    if (!result.ok()) {
      throw CliException.unreachable("kubectl " + words[0] + ": " + told(result));
    }
    return result.out();
  }

  /** Returns what kubectl said went wrong. */
  static String told(Result result) {
    String text = result.err().isBlank() ? result.out() : result.err();
    return text.strip().replaceFirst("(?i)^error:? *", "");
  }

  /** Runs to the end. */
  Result tryRun(String... words) {
    Process process = start(words);
    try {
      process.getOutputStream().close();
      CompletableFuture<String> err =
          CompletableFuture.supplyAsync(
              () -> read(process.getErrorStream()), Thread::startVirtualThread);
      String out = read(process.getInputStream());
      return new Result(process.waitFor(), out, err.join());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CliException.unreachable("interrupted");
    } finally {
      process.destroy();
    }
  }

  /** Starts something that goes on. */
  Process start(String... words) {
    List<String> command = new ArrayList<>();
    command.add(program);
    command.addAll(flags);
    command.addAll(List.of(words));
    try {
      return new ProcessBuilder(command).start();
    } catch (IOException e) {
      throw CliException.unreachable(
          program + " cannot be started; install kubectl, or set KUBECTL to it");
    }
  }

  private static String read(java.io.InputStream stream) {
    try (stream) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
