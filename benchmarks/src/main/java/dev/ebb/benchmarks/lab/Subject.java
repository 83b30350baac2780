package dev.ebb.benchmarks.lab;

import dev.ebb.benchmarks.report.Bound;
import dev.ebb.benchmarks.report.Figure;
import dev.ebb.localcluster.ClusterException;
import dev.ebb.localcluster.cli.Suite;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * The service that a benchmark is about, with one replica, in its shipped image: what its pod
 * writes, and the memory that it takes. Looks at the memory ten times a second until it is closed.
 */
public final class Subject implements AutoCloseable {

  private static final Duration LOOK = Duration.ofMillis(100);
  private static final double MIB = 1 << 20;

  private final String pod;
  private final JavaProcess process;
  private final AuditLog audit;
  private final Thread watcher;
  private volatile long highest;

  private Subject(String pod, JavaProcess process, AuditLog audit) {
    this.pod = pod;
    this.process = process;
    this.audit = audit;
    this.watcher = Thread.ofVirtual().name("memory").start(this::watch);
  }

  /** The arguments by which Helm installs one service and nothing else. */
  public static List<String> alone(String service) {
    return List.of(
        "--set",
        "autoscaler.enabled=false",
        "--set",
        "dlx-gateway.enabled=false",
        "--set",
        service + ".enabled=true");
  }

  /** Finds a service that the lab has installed. */
  public static Subject of(Lab lab, String service) {
    JsonNode pods =
        lab.get(Suite.NAMESPACE, "pods", "-l", "app.kubernetes.io/name=" + service).path("items");
    if (pods.size() != 1) {
      throw new ClusterException(service + " has " + pods.size() + " pods, and not one");
    }
    JsonNode meta = pods.path(0).path("metadata");
    JavaProcess process =
        JavaProcess.in(meta.path("uid").asString(""))
            .orElseThrow(() -> new ClusterException("no process of " + service + " here"));
    AuditLog audit =
        new AuditLog(
            lab.cluster()
                .auditLog()
                .orElseThrow(() -> new ClusterException("the cluster has no audit log")));
    return new Subject(meta.path("name").asString(""), process, audit);
  }

  private void watch() {
    try {
      while (true) {
        highest = Math.max(highest, process.cgroup().workingSet());
        Thread.sleep(LOOK);
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  /** What anybody wrote since the last call. */
  public List<AuditEvent> news() {
    return audit.news();
  }

  /** Whether the service tried to write this; its own Lease and reviews are no writes. */
  public boolean wrote(AuditEvent event) {
    return event.userPod().equals(pod)
        && !event.resource().equals("leases")
        && !event.resource().endsWith("reviews");
  }

  /** What the service wrote since the last call. */
  public List<AuditEvent> writes() {
    return news().stream().filter(this::wrote).toList();
  }

  /** Waits until it has written nothing for a while; returns what anybody wrote until then. */
  public List<AuditEvent> settle(String what, Duration quiet, Duration limit) {
    return quiet(what, quiet, limit, true);
  }

  /** The same, but first waits until it has written something at all. */
  public List<AuditEvent> reaction(String what, Duration quiet, Duration limit) {
    return quiet(what, quiet, limit, false);
  }

  private List<AuditEvent> quiet(String what, Duration quiet, Duration limit, boolean begun) {
    List<AuditEvent> all = new ArrayList<>();
    long end = System.nanoTime() + limit.toNanos();
    long last = System.nanoTime();
    boolean written = begun;
    while (!written || System.nanoTime() - last < quiet.toNanos()) {
      List<AuditEvent> news = news();
      all.addAll(news);
      if (news.stream().anyMatch(this::wrote)) {
        last = System.nanoTime();
        written = true;
      }
      if (System.nanoTime() > end) {
        throw new ClusterException(
            what
                + (written ? ": it still writes after " : ": it wrote nothing for ")
                + limit.toSeconds()
                + " s");
      }
      Lab.pause(LOOK.dividedBy(2));
    }
    return all;
  }

  /** Lets time pass, and tells how much it wrote; nothing is what it should. */
  public Figure rest(String when, Duration time) {
    writes();
    Lab.pause(time);
    List<AuditEvent> writes = writes();
    writes.stream().limit(3).forEach(write -> System.err.println("  written: " + write));
    return new Figure(
        "writes " + when + ", in " + time.toSeconds() + " s",
        writes.size(),
        "count",
        Bound.atMost(0, 0));
  }

  /** The working set now. */
  public Figure workingSet(String when) {
    return Figure.told("working set " + when, process.cgroup().workingSet() / MIB, "MiB");
  }

  /** The highest working set since the benchmark began. */
  public Figure highest(Bound bound) {
    return new Figure("working set, highest", highest / MIB, "MiB", bound);
  }

  @Override
  public void close() {
    watcher.interrupt();
  }
}
