package dev.ebb.benchmarks.proxy;

import dev.ebb.benchmarks.report.Figure;
import dev.ebb.benchmarks.report.Spread;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One way to the backend, and what was measured on it. Not thread-safe. */
final class Contender {

  private final String name;
  private final String url;
  private final Optional<ProcessHandle> proxy;
  private final List<Double> perSecond = new ArrayList<>();
  private final List<Double> perCpuSecond = new ArrayList<>();
  private final List<Double> busy = new ArrayList<>();
  private final List<Double> paced = new ArrayList<>();
  private final Spread latencies = new Spread();

  /**
   * Creates one that nothing is known of yet.
   *
   * @param proxy the process whose CPU time counts; empty where there is none
   */
  Contender(String name, String url, Optional<ProcessHandle> proxy) {
    this.name = name;
    this.url = url;
    this.proxy = proxy;
  }

  String name() {
    return name;
  }

  String url() {
    return url;
  }

  /** Whether there is a proxy on this way. */
  boolean isProxy() {
    return proxy.isPresent();
  }

  /** As much as goes through: throughput, and what it costs. */
  void flood(Generator generator, int connections, Duration time) {
    long cpuBefore = cpuNanos();
    Generator.Flood flood = generator.flood(url, connections, time);
    double cpuSeconds = (cpuNanos() - cpuBefore) / 1e9;
    perSecond.add(flood.requests() / flood.seconds());
    perCpuSecond.add(flood.requests() / cpuSeconds);
    busy.add(100 * cpuSeconds / flood.seconds());
  }

  /** So many requests a second: how long they take. */
  void pace(Generator generator, int rate, Duration time) {
    paced.add(generator.pace(url, rate, time, latencies));
  }

  /** Requests for each second of the proxy's CPU time, the median of all rounds. */
  double perCpuSecond() {
    return median(perCpuSecond);
  }

  private long cpuNanos() {
    return proxy
        .flatMap(process -> process.info().totalCpuDuration())
        .orElse(Duration.ZERO)
        .toNanos();
  }

  /** What was measured; CPU time only where there is a proxy. */
  List<Figure> figures(int rate) {
    List<Figure> figures = new ArrayList<>();
    if (isProxy()) {
      figures.add(Figure.told(name + ": requests per CPU second", perCpuSecond(), "requests"));
      figures.add(Figure.told(name + ": of its core used meanwhile", median(busy), "%"));
    }
    figures.add(Figure.told(name + ": requests per second", median(perSecond), "requests"));
    figures.add(Figure.told(name + ": answered of " + rate + "/s", median(paced), "requests"));
    figures.add(Figure.told(name + ": median at " + rate + "/s", latencies.millis(50), "ms"));
    figures.add(Figure.told(name + ": p99 at " + rate + "/s", latencies.millis(99), "ms"));
    return figures;
  }

  static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.isEmpty() ? Double.NaN : sorted.get(sorted.size() / 2);
  }
}
