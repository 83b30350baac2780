package dev.ebb.benchmarks.startup;

import dev.ebb.benchmarks.lab.BenchmarkCommand;
import dev.ebb.benchmarks.lab.Caller;
import dev.ebb.benchmarks.lab.JavaProcess;
import dev.ebb.benchmarks.lab.Lab;
import dev.ebb.benchmarks.report.Bound;
import dev.ebb.benchmarks.report.Figure;
import dev.ebb.benchmarks.report.Spread;
import dev.ebb.localcluster.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./ebb bench startup}: from a service's process to readiness, and what it costs idle. */
@Command(
    name = "startup",
    header = "From a service's process to readiness, its memory, its CPU time while idle.",
    description = {
      "Starts each service of the suite some times, alone, in its shipped image: from the start of",
      "the container's process to the first 200 of the readiness check. Then the kubelet's working",
      "set 60 s after the last start, and the CPU time of the idle services."
    })
public final class StartupCommand extends BenchmarkCommand {

  private static final Duration SETTLED = Duration.ofSeconds(60);
  private static final Bound READY = Bound.atMost(2500, 1500);

  @Option(
      names = "--starts",
      defaultValue = "3",
      description = "How often each service is started (${DEFAULT-VALUE}).")
  private int starts;

  @Option(
      names = "--idle",
      defaultValue = "300",
      description = "Over how many seconds idle CPU time is measured (${DEFAULT-VALUE}).")
  private int idleSeconds;

  /** Made by picocli. */
  public StartupCommand() {}

  @Override
  protected List<Figure> measure(Progress progress) {
    List<Figure> figures = new ArrayList<>();
    Map<String, JavaProcess> running = new TreeMap<>();
    try (Lab lab = Lab.start(progress, List.of("--set", "dlx-gateway.replicaCount=1"));
        Caller caller = Caller.in(lab.cluster())) {
      for (Service service : Service.all(lab)) {
        Spread ready = new Spread();
        progress.step(
            service.name() + ": " + starts + " starts",
            () -> {
              for (int i = 0; i < starts; i++) {
                ready.add(service.start(caller));
              }
            });
        figures.add(
            new Figure(
                service.name() + ": to ready, median of " + starts, ready.millis(50), "ms", READY));
        figures.add(Figure.told(service.name() + ": to ready, longest", ready.millis(100), "ms"));
        progress.step(service.name() + ": " + SETTLED.toSeconds() + " s", () -> Lab.pause(SETTLED));
        figures.add(service.workingSet());
        running.put(service.name(), service.process());
      }
      figures.addAll(idle(progress, running));
    }
    return figures;
  }

  private List<Figure> idle(Progress progress, Map<String, JavaProcess> running) {
    Map<String, Long> before = new TreeMap<>();
    running.forEach((name, process) -> before.put(name, process.cgroup().cpuMicros()));
    long begin = System.nanoTime();
    progress.step(
        "idle for " + idleSeconds + " s", () -> Lab.pause(Duration.ofSeconds(idleSeconds)));
    double micros = (System.nanoTime() - begin) / 1000.0;
    List<Figure> figures = new ArrayList<>();
    running.forEach((name, process) -> {
      double used = process.cgroup().cpuMicros() - before.getOrDefault(name, 0L);
      figures.add(
          Figure.told(name + ": idle, over " + idleSeconds + " s", 1000 * used / micros, "mCPU"));
    });
    return figures;
  }
}
