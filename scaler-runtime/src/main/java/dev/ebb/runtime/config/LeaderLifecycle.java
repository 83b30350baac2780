package dev.ebb.runtime.config;

import dev.ebb.runtime.kube.CacheSync;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.kube.LeaderLease;
import dev.ebb.runtime.kube.ProcessEnd;
import dev.ebb.runtime.loop.ReconcileLoop;
import dev.ebb.scaler.ResourceKey;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.InstantSource;
import java.util.List;
import org.springframework.context.SmartLifecycle;

/**
 * The life of a service that has a leader: fills the caches, then tries to lead, and starts its
 * loops only while it leads, so that a standby's caches are warm. A lease that is lost ends the
 * process. On the way out the loops drain side by side, for as long as their settings say, and then
 * the lease is released: nobody takes over while something is still written here.
 */
public final class LeaderLifecycle implements SmartLifecycle {

  private final CacheSync caches;
  private final LeaderLease lease;
  private final ProcessEnd end;
  private final Runnable lead;
  private final List<ReconcileLoop<?>> loops;
  private volatile boolean running;

  /**
   * Creates a lifecycle; Spring starts it.
   *
   * @param lead called once when this process leads; starts the loops
   * @param loops are closed on the way out
   */
  public LeaderLifecycle(
      CacheSync caches,
      LeaderLease lease,
      ProcessEnd end,
      Runnable lead,
      List<? extends ReconcileLoop<?>> loops) {
    this.caches = caches;
    this.lease = lease;
    this.end = end;
    this.lead = lead;
    this.loops = List.copyOf(loops);
  }

  /**
   * The lease of a service, in its own namespace by the name {@code ebb-SERVICE}; whether it is
   * held is the gauge {@code leader_election_master_status}, as client-go calls it.
   */
  public static LeaderLease lease(
      KubeClient client, RuntimeProperties runtime, InstantSource clock, MeterRegistry meters) {
    LeaderLease lease =
        new LeaderLease(
            client,
            new ResourceKey(runtime.pod().namespace(), "ebb-" + runtime.service()),
            LeaderLease.identity(runtime.pod().name(), runtime.pod().uid(), clock),
            clock);
    meters.gauge(
        "leader_election_master_status",
        Tags.of("name", lease.key().name()),
        lease,
        l -> l.mayWrite() ? 1 : 0);
    return lease;
  }

  @Override
  public void start() {
    running = true;
    caches.start(() -> lease.start(lead, this::lost));
  }

  private void lost() {
    end.end("lease " + lease.key() + " is lost; another replica may lead now");
  }

  @Override
  public void stop() {
    running = false;
    List<Thread> closing =
        loops.stream().map(loop -> Thread.ofVirtual().start(loop::close)).toList();
    try {
      for (Thread thread : closing) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    lease.close();
    caches.close();
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
