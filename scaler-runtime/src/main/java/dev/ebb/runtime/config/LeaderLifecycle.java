package dev.ebb.runtime.config;

import dev.ebb.runtime.kube.CacheSync;
import dev.ebb.runtime.kube.LeaderLease;
import dev.ebb.runtime.kube.ProcessEnd;
import dev.ebb.runtime.loop.ReconcileLoop;
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
