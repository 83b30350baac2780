package dev.ebb.nodescaler.plan;

import dev.ebb.nodescaler.api.Resources;
import dev.ebb.nodescaler.plan.NodeView.Readiness;
import dev.ebb.nodescaler.plan.Observed.Cloud;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A pool in one line, as in {@code a=8 b=u925 c=C9 y=Co3 d=N5}: for each node its name, what it is
 * (C is on its way out for ten minutes, F since now, K by somebody else's cordon, N lost ten
 * minutes ago, S not up yet) and its pods: a number of servers of 100m; o and a number of others; u
 * and the millicores of one server; l and a number of servers that ask for nothing. A slash is
 * followed by the node's millicores, 1000 otherwise.
 */
final class Pool {

  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private static final Pattern NODE =
      Pattern.compile("(\\w+)=([CFKNS]?)([oul]?)(\\d+)(?:/(\\d+))?");

  private Pool() {}

  static Rules rules(int buffer, int min, int max) {
    return new Rules(
        Resources.of(Resources.CPU, 100),
        buffer,
        0,
        List.of(),
        min,
        max,
        null,
        Rules.Timing.DEFAULT,
        parity(Duration.ofMinutes(2)));
  }

  /** What kubescaler does: no hysteresis, nothing waited for but the expiration. */
  static Rules.Shrinking parity(Duration expiration) {
    return new Rules.Shrinking(
        true, expiration, Duration.ZERO, 0, Duration.ZERO, Integer.MAX_VALUE, 100, true);
  }

  static List<NodeView> nodes(String line) {
    List<NodeView> nodes = new ArrayList<>();
    for (String text : line.isBlank() ? new String[0] : line.strip().split("\\s+")) {
      Matcher m = NODE.matcher(text);
      if (!m.matches()) {
        throw new IllegalArgumentException(text);
      }
      int number = Integer.parseInt(m.group(4));
      List<PodView> pods =
          switch (m.group(3)) {
            case "u" -> List.of(server(m.group(1), number));
            case "l" -> pods(m.group(1), number, true, 0);
            case "o" -> pods(m.group(1), number, false, 100);
            default -> pods(m.group(1), number, true, 100);
          };
      int capacity = m.group(5) == null ? 1000 : Integer.parseInt(m.group(5));
      nodes.add(node(m.group(1), m.group(2), pods, capacity));
    }
    return nodes;
  }

  private static NodeView node(String name, String kind, List<PodView> pods, int capacity) {
    Instant old = NOW.minus(Duration.ofHours(1));
    Instant mark =
        switch (kind) {
          case "C" -> NOW.minus(Duration.ofMinutes(10));
          case "F" -> NOW;
          default -> null;
        };
    return new NodeView(
        name,
        kind.equals("S") ? NOW.minusSeconds(30) : old,
        kind.equals("N") ? Readiness.LOST : kind.equals("S") ? Readiness.STARTING : Readiness.READY,
        NOW.minus(Duration.ofMinutes(10)),
        kind.equals("K") ? "cordoned" : null,
        mark,
        null,
        false,
        capacity == 0
            ? Resources.NONE
            : Resources.of(Resources.CPU, capacity).plus(Resources.of(Resources.PODS, 110_000)),
        pods);
  }

  static PodView server(String node, int millis) {
    return new PodView(
        "ns/" + node + "-server",
        NOW.minus(Duration.ofHours(1)),
        true,
        true,
        false,
        Resources.of(Resources.CPU, millis));
  }

  private static List<PodView> pods(String node, int number, boolean server, int millis) {
    List<PodView> pods = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      pods.add(
          new PodView(
              "ns/" + node + "-" + i,
              NOW.minus(Duration.ofHours(1)),
              server,
              server,
              false,
              Resources.of(Resources.CPU, millis)));
    }
    return pods;
  }

  static Observed observed(Rules rules, String line, int waiting, int cloud) {
    List<NodeView> nodes = nodes(line);
    return new Observed(
        rules,
        nodes,
        pods("waiting", waiting, true, 100),
        new Cloud(cloud < 0 ? nodes.size() : cloud, false),
        Memory.NONE,
        NOW);
  }

  static Observed with(Observed before, @Nullable Cloud cloud, Memory memory, Instant now) {
    return new Observed(before.rules(), before.nodes(), before.waiting(), cloud, memory, now);
  }

  /** Writes steps in one line. */
  static String text(Plan plan) {
    StringBuilder text = new StringBuilder();
    for (Step step : plan.steps()) {
      text.append(text.isEmpty() ? "" : ", ")
          .append(
              switch (step) {
                case Step.Unmark unmark -> "unmark " + unmark.node().name();
                case Step.Mark mark -> "mark " + mark.node().name();
                case Step.Grow grow -> "grow " + grow.from() + ">" + grow.to();
                case Step.Delete delete -> "delete " + delete.node().name();
              });
    }
    return text.toString();
  }
}
