package dev.ebb.gateway.wake;

import dev.ebb.gateway.route.Route;
import dev.ebb.gateway.route.RouteTable;
import dev.ebb.runtime.model.Pod;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs the pods' own readiness probes from the gateway while somebody waits for them, so that the
 * first request does not also wait for the kubelet's probe period and status reports. A pod passes
 * when its containers run, its readiness gates are true and every declared probe answers; a probe
 * that runs a command is the kubelet's alone, and such a pod never passes here. A probe's {@code
 * host} is ignored: only the pod's own address is dialled.
 *
 * <p>Thread-safe; probes run on virtual threads.
 */
public final class ReadinessProber implements RouteTable.EarlyReadiness {

  private static final Duration QUICK_PHASE = Duration.ofSeconds(2);
  private static final Duration QUICK = Duration.ofMillis(10);
  private static final Duration SLOW = Duration.ofMillis(50);
  private static final Duration SLOWEST = Duration.ofMillis(200);
  private static final Duration ANSWER = Duration.ofSeconds(1);

  private final ExecutorService executor;
  private final BiConsumer<Route, Pod> onPassed;
  private final Set<String> passed = ConcurrentHashMap.newKeySet();
  private final Set<String> probing = ConcurrentHashMap.newKeySet();

  /**
   * Creates a prober.
   *
   * @param executor runs the probes; virtual threads
   * @param onPassed is told once when a pod passes
   */
  public ReadinessProber(ExecutorService executor, BiConsumer<Route, Pod> onPassed) {
    this.executor = executor;
    this.onPassed = onPassed;
  }

  @Override
  public boolean passed(Pod pod) {
    return passed.contains(pod.metadata().uid());
  }

  /** Forgets a pod that is gone, or that the kubelet judges from now on. */
  public void forget(Pod pod) {
    passed.remove(pod.metadata().uid());
  }

  /**
   * Starts probing a pod if it can be probed and is not ready yet. Returns at once.
   *
   * @param latest gives the pod as last seen, null when it is gone; asked before every try
   */
  public void probe(Route route, Pod pod, java.util.function.Supplier<@Nullable Pod> latest) {
    if (pod.ready() || !candidate(pod) || !probing.add(pod.metadata().uid())) {
      return;
    }
    executor.execute(() -> {
      try {
        run(route, pod, latest);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        probing.remove(pod.metadata().uid());
      }
    });
  }

  private static boolean candidate(Pod pod) {
    return !pod.metadata().deleting()
        && !pod.finished()
        && !pod.status().podIPs().isEmpty()
        && pod.spec().containers().stream()
            .allMatch(c -> c.readinessProbe() == null || c.readinessProbe().exec() == null);
  }

  private void run(Route route, Pod first, java.util.function.Supplier<@Nullable Pod> latest)
      throws InterruptedException {
    long started = System.nanoTime();
    long pause = SLOW.toNanos();
    boolean answered = false;
    while (route.held() > 0) {
      Pod pod = latest.get();
      if (pod == null
          || !pod.metadata().uid().equals(first.metadata().uid())
          || pod.ready()
          || !candidate(pod)) {
        return;
      }
      answered = answered || answers(pod);
      if (answered && running(pod)) {
        passed.add(pod.metadata().uid());
        onPassed.accept(route, pod);
        return;
      }
      boolean quick = System.nanoTime() - started < QUICK_PHASE.toNanos();
      TimeUnit.NANOSECONDS.sleep(quick ? QUICK.toNanos() : pause);
      if (!quick) {
        pause = Math.min(SLOWEST.toNanos(), pause * 2);
      }
    }
  }

  private static boolean running(Pod pod) {
    return pod.containersRunning()
        && pod.status().containerStatuses().stream()
            .noneMatch(c -> Boolean.FALSE.equals(c.started()))
        && pod.spec().readinessGates().stream().allMatch(g -> pod.condition(g.conditionType()));
  }

  private boolean answers(Pod pod) {
    String address = pod.status().podIPs().getFirst().ip();
    boolean any = false;
    for (Pod.Container container : pod.spec().containers()) {
      Pod.Probe probe = container.readinessProbe();
      if (probe == null) {
        continue;
      }
      any = true;
      if (!answers(pod, address, probe)) {
        return false;
      }
    }
    return any || anyPortAccepts(pod, address);
  }

  private boolean answers(Pod pod, String address, Pod.Probe probe) {
    if (probe.httpGet() != null) {
      Integer port = pod.resolvePort(probe.httpGet().port());
      // The kubelet does not verify the certificates of HTTPS; here its own verdict is waited for.
      return port != null
          && !"HTTPS".equals(probe.httpGet().scheme())
          && HttpProbe.answers(address, port, probe.httpGet(), ANSWER);
    }
    if (probe.tcpSocket() != null) {
      Integer port = pod.resolvePort(probe.tcpSocket().port());
      return port != null && accepts(address, port);
    }
    // A gRPC health check is left to the kubelet until the gateway speaks HTTP/2 itself.
    return false;
  }

  private static boolean anyPortAccepts(Pod pod, String address) {
    return pod.spec().containers().stream()
        .flatMap(c -> c.ports().stream())
        .filter(p -> p.protocol() == null || p.protocol().equals("TCP"))
        .anyMatch(p -> accepts(address, p.containerPort()));
  }

  private static boolean accepts(String address, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), (int) ANSWER.toMillis());
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
