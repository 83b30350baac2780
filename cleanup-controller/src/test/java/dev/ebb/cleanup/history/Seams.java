package dev.ebb.cleanup.history;

import dev.ebb.cleanup.apply.LiveView;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.loop.Reconciler;
import dev.ebb.scaler.ResourceKey;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import okhttp3.Interceptor;

/**
 * Where a test can stand between the controller's parts, to plant a fault.
 *
 * @param live makes what reads from the API server itself
 * @param reconciler wraps the reconciler
 * @param interceptors stand between the controller's client and the API
 */
record Seams(
    Function<KubeClient, LiveView> live,
    UnaryOperator<Reconciler<ResourceKey>> reconciler,
    List<Interceptor> interceptors) {

  /** Nothing is planted. */
  static final Seams NONE = new Seams(LiveView::new, UnaryOperator.identity(), List.of());

  Seams with(Function<KubeClient, LiveView> other) {
    return new Seams(other, reconciler, interceptors);
  }

  Seams with(Interceptor interceptor) {
    return new Seams(live, reconciler, List.of(interceptor));
  }
}
