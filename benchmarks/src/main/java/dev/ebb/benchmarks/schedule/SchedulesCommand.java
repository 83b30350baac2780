package dev.ebb.benchmarks.schedule;

import dev.ebb.benchmarks.lab.AuditEvent;
import dev.ebb.benchmarks.lab.BenchmarkCommand;
import dev.ebb.benchmarks.lab.Crew;
import dev.ebb.benchmarks.lab.Lab;
import dev.ebb.benchmarks.lab.Manifest;
import dev.ebb.benchmarks.lab.Subject;
import dev.ebb.benchmarks.report.Bound;
import dev.ebb.benchmarks.report.Figure;
import dev.ebb.localcluster.ClusterException;
import dev.ebb.localcluster.Progress;
import dev.ebb.runtime.kube.ResourceType;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code ./ebb bench schedules}: thousands of ScalingSchedules hit one boundary. */
@Command(
    name = "schedules",
    header = "10,000 ScalingSchedules hit one boundary: writes, when they are done, memory.",
    description = {
      "The shipped time-scaler, an HPA for each schedule, Kubernetes' own controllers ended: from",
      "the boundary to the last HPA's write. Before and after nothing may be written. Status",
      "writes are counted apart. Memory is the highest working set of all the run."
    })
public final class SchedulesCommand extends BenchmarkCommand {

  private static final ResourceType<JsonNode> HPAS =
      Crew.kind("autoscaling", "v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler");
  private static final ResourceType<JsonNode> SCHEDULES =
      Crew.kind("ebb.dev", "v1alpha1", "scalingschedules", "ScalingSchedule");
  private static final Duration LONGEST = Duration.ofMinutes(10);
  private static final Duration QUIET = Duration.ofSeconds(8);

  /** What the schedules set from the boundary on. */
  private static final int RUSH = 7;

  private static final Bound DONE = Bound.atMost(60, 60);
  private static final Bound NONE = Bound.atMost(0, 0);
  private static final Bound MEMORY = Bound.atMost(256, 192);

  @Option(
      names = "--schedules",
      defaultValue = "10000",
      description = "How many (${DEFAULT-VALUE}).")
  private int schedules;

  @Option(
      names = "--rest",
      defaultValue = "60",
      description = "Over how many seconds nothing may be written, twice (${DEFAULT-VALUE}).")
  private int restSeconds;

  @Option(
      names = "--lead",
      defaultValue = "0",
      description =
          "How many seconds from the first object to the boundary; all must have come to rest and"
              + " have rested by then. Without it what usually is enough.")
  private int leadSeconds;

  /** Made by picocli. */
  public SchedulesCommand() {}

  @Override
  protected List<Figure> measure(Progress progress) {
    List<Figure> figures = new ArrayList<>();
    try (Lab lab = Lab.start(progress, Subject.alone("time-scaler"))) {
      lab.endControllers();
      Crew crew = new Crew(lab.cluster());
      try (Subject subject = Subject.of(lab, "time-scaler")) {
        figures.add(subject.workingSet("without schedules"));
        int lead = leadSeconds > 0 ? leadSeconds : 60 + restSeconds + schedules / 30;
        Instant boundary = Instant.now().plusSeconds(lead).truncatedTo(ChronoUnit.SECONDS);
        progress.step(schedules + " HPAs and schedules", () -> make(crew, boundary));
        progress.step("coming to rest", () -> subject.settle("at first", QUIET, LONGEST));
        if (Instant.now().plusSeconds(restSeconds).isAfter(boundary)) {
          throw new ClusterException("all came to rest too late for the boundary: try --lead");
        }
        progress.step(
            "rest", () -> figures.add(subject.rest("before", Duration.ofSeconds(restSeconds))));
        figures.add(subject.workingSet("at rest"));
        progress.step("the boundary", () -> figures.addAll(boundary(subject, crew, boundary)));
        progress.step(
            "rest", () -> figures.add(subject.rest("after", Duration.ofSeconds(restSeconds))));
        figures.add(subject.workingSet("at rest after"));
        figures.add(subject.highest(MEMORY));
      }
    }
    return figures;
  }

  private void make(Crew crew, Instant boundary) {
    Manifest hpa = Manifest.of("schedule/hpa.json");
    Manifest schedule = Manifest.of("schedule/schedule.json");
    String to = boundary.plus(Duration.ofHours(6)).toString();
    crew.each(schedules, i -> crew.create(HPAS, hpa.with("@NAME@", "shop-" + i)));
    crew.each(
        schedules,
        i ->
            crew.create(
                SCHEDULES,
                schedule.with("@NAME@", "shop-" + i, "@FROM@", boundary.toString(), "@TO@", to)));
  }

  private List<Figure> boundary(Subject subject, Crew crew, Instant boundary) {
    Lab.pause(Duration.between(Instant.now(), boundary));
    List<AuditEvent> writes =
        subject.settle("the boundary", QUIET, LONGEST).stream().filter(subject::wrote).toList();
    long began = ChronoUnit.MICROS.between(Instant.EPOCH, boundary);
    List<AuditEvent> hpas = of(writes, HPAS.plural());
    List<AuditEvent> told = of(writes, SCHEDULES.plural() + "/status");
    long wrong =
        crew.list(HPAS).stream().filter(h -> h.at("/spec/minReplicas").asInt() != RUSH).count();
    double last = seconds(hpas, began, 1);
    return List.of(
        Figure.told("boundary → first HPA's write", seconds(hpas, began, 0), "s"),
        Figure.told("boundary → median HPA's write", seconds(hpas, began, 0.5), "s"),
        new Figure("boundary → last HPA's write", last, "s", DONE),
        Figure.told("HPA writes", hpas.size(), "count"),
        Figure.told("HPA writes each second", hpas.size() / last, "1/s"),
        new Figure("HPAs that do not say it", wrong, "count", NONE),
        new Figure("HPA writes beyond one each", hpas.size() - schedules, "count", NONE),
        Figure.told("status writes", told.size(), "count"),
        Figure.told("boundary → last status write", seconds(told, began, 1), "s"),
        Figure.told("other writes", writes.size() - hpas.size() - (double) told.size(), "count"));
  }

  private static List<AuditEvent> of(List<AuditEvent> writes, String resource) {
    return writes.stream().filter(write -> write.resource().equals(resource)).toList();
  }

  /** When a part of the writes was done, in seconds after the boundary. */
  private static double seconds(List<AuditEvent> writes, long began, double part) {
    long[] times = writes.stream().mapToLong(AuditEvent::done).sorted().toArray();
    return times.length == 0
        ? Double.NaN
        : (times[(int) Math.round((times.length - 1) * part)] - began) / 1e6;
  }
}
