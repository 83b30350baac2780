package dev.ebb.benchmarks.proxy;

import dev.ebb.benchmarks.lab.BenchmarkCommand;
import dev.ebb.benchmarks.lab.Lab;
import dev.ebb.benchmarks.report.Figure;
import dev.ebb.localcluster.ClusterException;
import dev.ebb.localcluster.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./ebb bench proxy}: the gateway beside HAProxy and Go's reverse proxy. */
@Command(
    name = "proxy",
    header = "Requests per CPU second, and latency at a fixed rate, beside other proxies.",
    description = {
      "The gateway in its shipped image, HAProxy and Go's httputil.ReverseProxy pass requests to",
      "the same backend, in turns, from the same generator (h2load): in the same pod's network, on",
      "the same core, generator and backend on another. Direct is the way without any of them."
    })
public final class ProxyCommand extends BenchmarkCommand {

  // The other proxies are in no pod. Beside them the chart's small request would be a small share
  // of
  // a core that Kubernetes uses as well.
  private static final List<String> VALUES =
      List.of(
          "--set", "dlx-gateway.replicaCount=1", "--set", "dlx-gateway.resources.requests.cpu=1");

  @Option(
      names = "--warm-up",
      defaultValue = "30",
      description = "How many seconds the gateway is warmed up (${DEFAULT-VALUE}).")
  private int warmUpSeconds;

  @Option(
      names = "--rounds",
      defaultValue = "3",
      description = "How often each contender has its turn (${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--seconds",
      defaultValue = "5",
      description = "How long a turn's flood and its fixed rate take each (${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--connections",
      defaultValue = "64",
      description = "How many connections a flood has (${DEFAULT-VALUE}).")
  private int connections;

  @Option(
      names = "--rate",
      defaultValue = "2000",
      description = "The fixed rate, in requests per second (${DEFAULT-VALUE}).")
  private int rate;

  /** Made by picocli. */
  public ProxyCommand() {}

  @Override
  protected List<Figure> measure(Progress progress) {
    if (Runtime.getRuntime().availableProcessors() < 2) {
      throw new ClusterException("two cores are needed: one for the proxy, one for the rest");
    }
    try (Lab lab = Lab.start(progress, VALUES);
        Arena arena = Arena.in(lab, progress)) {
      Duration time = Duration.ofSeconds(seconds);
      List<Contender> all = arena.contenders();
      progress.step(
          "warm-up: " + warmUpSeconds + " s",
          () ->
              arena
                  .generator()
                  .flood(arena.gateway().url(), connections, Duration.ofSeconds(warmUpSeconds)));
      for (int round = 1; round <= rounds; round++) {
        for (Contender contender : all) {
          progress.step(
              "round " + round + " of " + rounds + ": " + contender.name(),
              () -> {
                contender.flood(arena.generator(), connections, time);
                contender.pace(arena.generator(), rate, time);
              });
        }
      }
      return figures(all);
    }
  }

  private List<Figure> figures(List<Contender> all) {
    List<Figure> figures = new ArrayList<>();
    all.forEach(contender -> figures.addAll(contender.figures(rate)));
    Contender gateway = all.getFirst();
    for (Contender other : all) {
      if (other.isProxy() && other != gateway) {
        figures.add(
            Figure.told(
                gateway.name() + " ÷ " + other.name() + ", per CPU second",
                gateway.perCpuSecond() / other.perCpuSecond(),
                "times"));
      }
    }
    return figures;
  }
}
