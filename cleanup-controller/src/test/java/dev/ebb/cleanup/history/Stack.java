package dev.ebb.cleanup.history;

import dev.ebb.cleanup.apply.Cleaner;
import dev.ebb.cleanup.apply.CleanupWriter;
import dev.ebb.cleanup.reconcile.Lookout;
import dev.ebb.cleanup.reconcile.Observations;
import dev.ebb.cleanup.reconcile.Observer;
import dev.ebb.cleanup.reconcile.Predecessor;
import dev.ebb.cleanup.reconcile.Reports;
import dev.ebb.cleanup.reconcile.StatefulSetReconciler;
import dev.ebb.cleanup.reconcile.Triggers;
import dev.ebb.runtime.freeze.Freezes;
import dev.ebb.runtime.kube.EventRecorder;
import dev.ebb.runtime.kube.Informer;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.kube.ObjectWriter;
import dev.ebb.testkit.SteppedClock;
import dev.ebb.testkit.history.SteppedLoop;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;

/** The cleanup-controller, wired as its configuration wires it, until its process ends. */
final class Stack implements AutoCloseable {

  /** How many watches it keeps open. */
  static final int WATCHES = 5;

  final SteppedLoop loop;
  private final Lookout lookout;

  Stack(KubeClient client, SteppedClock clock, Seams seams) {
    lookout = new Lookout(client, null, clock);
    ObjectWriter writes = new ObjectWriter(client, lookout.informers());
    loop =
        new SteppedLoop(
            seams
                .reconciler()
                .apply(
                    new StatefulSetReconciler(
                        new Observer(lookout, Freezes.NONE, Predecessor.NONE, clock),
                        new Cleaner(
                            writes,
                            new CleanupWriter(writes),
                            seams.live().apply(client),
                            Freezes.NONE),
                        new Reports(
                            new EventRecorder(
                                client,
                                Runnable::run,
                                clock,
                                "cleanup-0",
                                EventRecorder.Later.NEVER)),
                        new Observations(new SimpleMeterRegistry()),
                        namespace -> true,
                        clock)),
            clock);
    Triggers triggers = new Triggers(lookout, loop::add);
    triggers.follow();
    lookout.informers().forEach(Informer::start);
    awaitSync();
    triggers.addAll();
  }

  private void awaitSync() {
    try {
      for (Informer<?> informer : lookout.informers()) {
        if (!informer.awaitSync(Duration.ofSeconds(30))) {
          throw new IllegalStateException(
              informer.type().plural() + " do not sync: " + informer.lastProblem());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    lookout.close();
  }
}
