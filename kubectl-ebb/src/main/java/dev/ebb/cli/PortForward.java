package dev.ebb.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A port of this machine that leads to a Service's pod, as long as it is open. */
final class PortForward implements AutoCloseable {

  private static final Pattern FORWARDING =
      Pattern.compile("Forwarding from 127\\.0\\.0\\.1:(\\d+) ");

  private final Process process;
  private final int port;

  private PortForward(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Opens a free port; returns when it listens. */
  static PortForward open(Kubectl kubectl, String namespace, String service) {
    Process process =
        kubectl.start(
            "port-forward", "--address=127.0.0.1", "-n", namespace, "service/" + service, ":8081");
    // Ends with this process, also when that is interrupted.
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    try {
      BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        Matcher matcher = FORWARDING.matcher(line);
        if (matcher.find()) {
          return new PortForward(process, Integer.parseInt(matcher.group(1)));
        }
      }
      String why =
          process.errorReader(StandardCharsets.UTF_8).lines().collect(Collectors.joining(" "));
      throw CliException.unreachable(
          "cannot reach %s in namespace %s: %s; is Ebb installed there? See --release and --ebb-namespace"
              .formatted(service, namespace, why.replaceFirst("(?i)^error: *", "")));
    } catch (IOException e) {
      process.destroy();
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    process.destroy();
  }
}
