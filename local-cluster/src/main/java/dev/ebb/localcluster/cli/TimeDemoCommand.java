package dev.ebb.localcluster.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./ebb demo time}: windows minutes apart move an HPA and a ScaledResource. */
@Command(
    name = "time",
    header = "Windows a minute apart move an HPA and a ScaledResource.",
    description = {
      "Starts a cluster (or uses the one that is up), installs Ebb with the time-scaler and two samples,",
      "plans a rush for one and a warm-up for the other, and shows what happened when. Takes about five",
      "minutes. Exit code 0 only if all four boundaries were applied."
    })
final class TimeDemoCommand implements Callable<Integer> {

  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

  @Option(names = "--keep", description = "Leaves everything running afterwards.")
  private boolean keep;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this help.")
  private boolean help;

  @Override
  public Integer call() {
    List<String> helm = List.of("--reset-then-reuse-values", "--set", "time-scaler.enabled=true");
    return report(
        new Stage(keep, TimeDemo.STEPS, helm)
            .show(on -> new TimeDemo(on.repository(), on.cluster(), on.progress())));
  }

  private static int report(TimeDemo.Outcome outcome) {
    System.out.println();
    timeline(outcome).forEach(System.out::println);
    System.out.println();
    String flaw = outcome.flaw();
    if (!flaw.isEmpty()) {
      System.err.println("ebb: the demo failed: " + flaw);
      return 1;
    }
    Duration worst =
        outcome.boundaries().stream()
            .map(boundary -> boundary.late(outcome.changes()))
            .max(Duration::compareTo)
            .orElse(Duration.ZERO);
    System.out.println(
        "All four boundaries were applied, the latest of them after " + worst.toMillis() + " ms.");
    return 0;
  }

  private record Line(Instant at, String text) {}

  /** What was due and what was seen, by the clock. */
  static List<String> timeline(TimeDemo.Outcome outcome) {
    List<Line> lines = new ArrayList<>();
    for (TimeDemo.Boundary boundary : outcome.boundaries()) {
      lines.add(new Line(boundary.at(), "-- due: " + boundary.what() + " → " + boundary.to()));
    }
    for (TimeDemo.Change change : outcome.changes()) {
      lines.add(
          new Line(
              change.at(),
              change.from().isEmpty()
                  ? "   %s is %s".formatted(change.what(), change.to())
                  : "   %s %s → %s".formatted(change.what(), change.from(), change.to())));
    }
    return lines.stream()
        .sorted(Comparator.comparing(Line::at))
        .map(line -> CLOCK.format(line.at()) + "  " + line.text())
        .toList();
  }
}
