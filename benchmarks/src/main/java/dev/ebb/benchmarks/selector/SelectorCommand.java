package dev.ebb.benchmarks.selector;

import dev.ebb.benchmarks.lab.AuditEvent;
import dev.ebb.benchmarks.lab.BenchmarkCommand;
import dev.ebb.benchmarks.lab.Crew;
import dev.ebb.benchmarks.lab.Lab;
import dev.ebb.benchmarks.lab.Subject;
import dev.ebb.benchmarks.report.Bound;
import dev.ebb.benchmarks.report.Figure;
import dev.ebb.benchmarks.report.Spread;
import dev.ebb.localcluster.ClusterException;
import dev.ebb.localcluster.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./ebb bench selector}: many pools at rest, and how soon their Services follow pods. */
@Command(
    name = "selector",
    header = "100 pools × 64 Services × 32 pods: at rest, and how soon Services follow pods.",
    description = {
      "The shipped selector-operator; pods are played, Kubernetes' own controllers ended. Between",
      "the arrival of a pod's readiness, or of a lower spec.replicas, at the API server and the end",
      "of the last write to a Service that moves for it, one pool after the other. Memory is the",
      "highest working set of all the run."
    })
public final class SelectorCommand extends BenchmarkCommand {

  private static final Duration LONGEST = Duration.ofMinutes(10);
  private static final Duration QUIET = Duration.ofSeconds(8);
  private static final Duration MOMENT = Duration.ofMillis(300);
  private static final Bound NONE = Bound.atMost(0, 0);
  private static final Bound MEMORY = Bound.atMost(224, 160);
  private static final Bound READY = Bound.atMost(100, 30);
  private static final Bound CONDEMNED = Bound.atMost(100, 100);

  @Option(names = "--pools", defaultValue = "100", description = "How many (${DEFAULT-VALUE}).")
  private int pools;

  @Option(
      names = "--services",
      defaultValue = "64",
      description = "How many each of them has (${DEFAULT-VALUE}).")
  private int services;

  @Option(
      names = "--pods",
      defaultValue = "32",
      description = "How many each of them has (${DEFAULT-VALUE}).")
  private int pods;

  @Option(
      names = "--rounds",
      defaultValue = "200",
      description = "How many times each way of moving is measured (${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--rest",
      defaultValue = "120",
      description = "Over how many seconds nothing may be written (${DEFAULT-VALUE}).")
  private int restSeconds;

  /** Made by picocli. */
  public SelectorCommand() {}

  @Override
  protected List<Figure> measure(Progress progress) {
    List<Figure> figures = new ArrayList<>();
    try (Lab lab = Lab.start(progress, Subject.alone("selector-operator"))) {
      lab.endControllers();
      Pools all = new Pools(new Crew(lab.cluster()), pools, services, pods);
      try (Subject subject = Subject.of(lab, "selector-operator")) {
        figures.add(subject.workingSet("without pools"));
        progress.step(pools + " pools", all::make);
        progress.step("coming to rest", () -> subject.settle("at first", QUIET, LONGEST));
        long without = (long) pools * services - all.assigned();
        figures.add(new Figure("Services without a pod", without, "count", NONE));
        progress.step(
            "rest", () -> figures.add(subject.rest("at rest", Duration.ofSeconds(restSeconds))));
        figures.add(subject.workingSet("at rest"));
        progress.step(rounds + " pods become ready", () -> figures.addAll(ready(subject, all)));
        progress.step(rounds + " pods condemned", () -> figures.addAll(condemned(subject, all)));
        figures.add(subject.highest(MEMORY));
      }
    }
    return figures;
  }

  private List<Figure> ready(Subject subject, Pools all) {
    Spread spread = new Spread();
    for (int round = 0; round < rounds; round++) {
      int pool = round % pools;
      int ordinal = (round / pools + pool) % pods;
      all.ready(pool, ordinal, false);
      settle(subject);
      all.ready(pool, ordinal, true);
      spread.add(micros(subject, cause("pods/status", Pools.pod(pool, ordinal))));
    }
    return spread.figures("ready → Services switched", Bound.NONE, READY);
  }

  private List<Figure> condemned(Subject subject, Pools all) {
    Spread spread = new Spread();
    for (int round = 0; round < rounds; round++) {
      int pool = round % pools;
      all.scale(pool, pods - 1);
      spread.add(micros(subject, cause("statefulsets", Pools.name(pool))));
      all.scale(pool, pods);
      settle(subject);
    }
    return spread.figures("spec.replicas fell → condemned left", Bound.NONE, CONDEMNED);
  }

  private static Predicate<AuditEvent> cause(String resource, String name) {
    return event ->
        event.userPod().isEmpty() && event.resource().equals(resource) && event.name().equals(name);
  }

  private static List<AuditEvent> settle(Subject subject) {
    return subject.reaction("a move", MOMENT, LONGEST);
  }

  /** From a write of the benchmark's own to the last Service that moved for it. */
  private static long micros(Subject subject, Predicate<AuditEvent> cause) {
    List<AuditEvent> events = settle(subject);
    long began =
        events.stream()
            .filter(cause)
            .mapToLong(AuditEvent::received)
            .max()
            .orElseThrow(
                () -> new ClusterException("the audit log lacks what the benchmark wrote"));
    return events.stream()
            .filter(subject::wrote)
            .filter(event -> event.resource().equals("services"))
            .filter(event -> event.received() >= began)
            .mapToLong(AuditEvent::done)
            .max()
            .orElseThrow(() -> new ClusterException("no Service moved: " + events))
        - began;
  }
}
