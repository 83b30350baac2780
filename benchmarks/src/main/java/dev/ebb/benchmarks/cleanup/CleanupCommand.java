package dev.ebb.benchmarks.cleanup;

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
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./ebb bench cleanup}: the first cleanup pod, thousands at rest, hundreds at once. */
@Command(
    name = "cleanup",
    header = "Pod gone → cleanup pod; 1,000 StatefulSets × 10 at rest; 500 ordinals at once.",
    description = {
      "The shipped cleanup-controller; pods are played, Kubernetes' own controllers ended. API calls",
      "per ordinal are its writes, from the audit log, and all reads of these kinds, as the API",
      "server counts them. Memory is the highest working set of all the run."
    })
public final class CleanupCommand extends BenchmarkCommand {

  private static final Duration LONGEST = Duration.ofMinutes(10);
  private static final Duration QUIET = Duration.ofSeconds(8);
  private static final Duration MOMENT = Duration.ofMillis(1500);
  private static final Bound NONE = Bound.atMost(0, 0);
  private static final Bound FIRST = Bound.atMost(1000, 200);
  private static final Bound MEMORY = Bound.atMost(256, 176);
  private static final String BIG = "big";

  @Option(
      names = "--sets",
      defaultValue = "1000",
      description = "How many StatefulSets are at rest (${DEFAULT-VALUE}).")
  private int sets;

  @Option(
      names = "--ordinals",
      defaultValue = "10",
      description = "How many ordinals each of them has (${DEFAULT-VALUE}).")
  private int ordinals;

  @Option(
      names = "--at-once",
      defaultValue = "500",
      description = "How many ordinals of one set are cleaned up at once (${DEFAULT-VALUE}).")
  private int atOnce;

  @Option(
      names = "--parallel",
      defaultValue = "50",
      description = "How many of them at the same time, as its annotation says (${DEFAULT-VALUE}).")
  private int parallel;

  @Option(
      names = "--rounds",
      defaultValue = "50",
      description = "How many first cleanup pods are measured (${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--rest",
      defaultValue = "120",
      description = "Over how many seconds nothing may be written (${DEFAULT-VALUE}).")
  private int restSeconds;

  /** Made by picocli. */
  public CleanupCommand() {}

  @Override
  protected List<Figure> measure(Progress progress) {
    List<Figure> figures = new ArrayList<>();
    try (Lab lab = Lab.start(progress, Subject.alone("cleanup-controller"))) {
      lab.endControllers();
      Sets all = new Sets(new Crew(lab.cluster()));
      try (Subject subject = Subject.of(lab, "cleanup-controller")) {
        figures.add(subject.workingSet("without sets"));
        progress.step(sets + " sets × " + ordinals, () -> all.make("rest-", sets, ordinals));
        progress.step("coming to rest", () -> subject.settle("at first", QUIET, LONGEST));
        progress.step(
            "rest", () -> figures.add(subject.rest("at rest", Duration.ofSeconds(restSeconds))));
        figures.add(subject.workingSet("at rest"));
        progress.step(rounds + " pods go", () -> figures.addAll(first(subject, all)));
        progress.step(atOnce + " ordinals at once", () -> figures.addAll(many(lab, subject, all)));
        figures.add(subject.highest(MEMORY));
      }
    }
    return figures;
  }

  private List<Figure> first(Subject subject, Sets all) {
    all.make("one-", rounds, 2);
    subject.settle("sets", MOMENT, LONGEST);
    Spread spread = new Spread();
    for (int round = 0; round < rounds; round++) {
      all.scale("one-" + round, 1);
      subject.settle("a scale-down", MOMENT, LONGEST);
      String pod = "one-" + round + "-1";
      all.delete(pod);
      List<AuditEvent> events = subject.reaction("a pod's end", MOMENT, LONGEST);
      spread.add(done(events, subject, pod) - gone(events, subject, pod));
    }
    return spread.figures("pod gone → cleanup pod created", Bound.NONE, FIRST);
  }

  private static long gone(List<AuditEvent> events, Subject subject, String pod) {
    return events.stream()
        .filter(event -> !subject.wrote(event) && event.did("delete", "pods", Lab.NAMESPACE))
        .filter(event -> event.name().equals(pod))
        .mapToLong(AuditEvent::received)
        .findFirst()
        .orElseThrow(() -> new ClusterException("the audit log lacks the end of " + pod));
  }

  private static long done(List<AuditEvent> events, Subject subject, String pod) {
    return events.stream()
        .filter(event -> made(event, subject) && event.name().equals(pod))
        .mapToLong(AuditEvent::done)
        .findFirst()
        .orElseThrow(() -> new ClusterException("no cleanup pod was made: " + events));
  }

  private static boolean made(AuditEvent event, Subject subject) {
    return subject.wrote(event) && event.did("create", "pods", Lab.NAMESPACE);
  }

  private List<Figure> many(Lab lab, Subject subject, Sets all) {
    all.bare(BIG, atOnce, parallel);
    subject.settle("the big set", MOMENT, LONGEST);
    Requests before = Requests.now(lab);
    all.scale(BIG, 0);
    List<AuditEvent> events = play(subject, all);
    Map<String, Double> reads = Requests.now(lab).since(before);
    List<AuditEvent> writes = events.stream().filter(subject::wrote).toList();
    Map<String, Double> calls = new TreeMap<>(reads);
    writes.forEach(write ->
        calls.merge(
            write.verb().toUpperCase(Locale.ROOT) + " " + write.resource(), 1.0, Double::sum));
    calls.forEach(
        (call, count) -> System.err.printf(Locale.ROOT, "  %8.2f  %s%n", count / atOnce, call));
    long began = events.stream().mapToLong(AuditEvent::received).min().orElse(0);
    long ended = writes.stream().mapToLong(AuditEvent::done).max().orElse(began);
    double each = calls.values().stream().mapToDouble(c -> c).sum() / atOnce;
    return List.of(
        Figure.told(atOnce + " at once: all done after", (ended - began) / 1e6, "s"),
        Figure.told("API calls per ordinal", each, "count"),
        Figure.told("of them writes", (double) writes.size() / atOnce, "count"),
        new Figure(
            "cleanup pods at the same time",
            together(writes),
            "count",
            Bound.atMost(parallel, parallel)),
        new Figure("claims left", all.claims(BIG), "count", NONE));
  }

  /** Ends each cleanup pod well as soon as it is there, until nothing more comes. */
  private static List<AuditEvent> play(Subject subject, Sets all) {
    List<AuditEvent> events = new ArrayList<>();
    long end = System.nanoTime() + LONGEST.toNanos();
    long last = System.nanoTime();
    while (System.nanoTime() - last < QUIET.toNanos()) {
      List<AuditEvent> news = subject.news();
      events.addAll(news);
      List<String> pods =
          news.stream().filter(e -> made(e, subject)).map(AuditEvent::name).toList();
      all.crew().each(pods.size(), i -> all.succeed(pods.get(i)));
      if (news.stream().anyMatch(subject::wrote)) {
        last = System.nanoTime();
      }
      if (System.nanoTime() > end) {
        throw new ClusterException("the cleanups did not end: " + all.claims(BIG) + " claims left");
      }
      Lab.pause(Duration.ofMillis(50));
    }
    return events;
  }

  /** The most pods that were there at the same time. */
  private static long together(List<AuditEvent> writes) {
    long now = 0;
    long most = 0;
    for (AuditEvent write :
        writes.stream().sorted(Comparator.comparing(AuditEvent::done)).toList()) {
      if (write.did("create", "pods", Lab.NAMESPACE)) {
        most = Math.max(most, ++now);
      } else if (write.did("delete", "pods", Lab.NAMESPACE)) {
        now--;
      }
    }
    return most;
  }
}
