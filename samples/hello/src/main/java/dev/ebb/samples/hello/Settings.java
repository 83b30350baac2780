package dev.ebb.samples.hello;

import java.time.Duration;
import java.util.Map;

/**
 * What the environment says.
 *
 * @param port where to listen; 0 for any free one
 * @param pod name of the pod, or of the host
 * @param node name of the node, empty if unknown
 * @param startDelay time before the port opens: a slow start
 * @param readyAfter time from start until {@code /ready} says so: a slow warm-up
 * @param stopDelay time on SIGTERM in which the port stays open, not ready
 * @param drain time that requests in flight have to finish on SIGTERM
 */
record Settings(
    int port,
    String pod,
    String node,
    Duration startDelay,
    Duration readyAfter,
    Duration stopDelay,
    Duration drain) {

  static Settings from(Map<String, String> environment) {
    return new Settings(
        Integer.parseInt(environment.getOrDefault("PORT", "8080")),
        environment.getOrDefault("POD_NAME", environment.getOrDefault("HOSTNAME", "localhost")),
        environment.getOrDefault("NODE_NAME", ""),
        millis(environment, "START_DELAY_MS", 0),
        millis(environment, "READY_AFTER_MS", 0),
        millis(environment, "STOP_DELAY_MS", 0),
        millis(environment, "DRAIN_MS", 20_000));
  }

  private static Duration millis(Map<String, String> environment, String name, long otherwise) {
    String value = environment.get(name);
    return Duration.ofMillis(
        value == null || value.isBlank() ? otherwise : Long.parseLong(value.strip()));
  }
}
