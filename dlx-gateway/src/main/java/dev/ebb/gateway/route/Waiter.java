package dev.ebb.gateway.route;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Schedulers;

/**
 * A request in a route's queue. Is its own timer's task and its own cancellation: there may be
 * twenty thousand of them, and each object more is one for each. Whoever takes it out of the queue,
 * under the route's lock, answers it; nobody else does.
 */
final class Waiter implements Runnable, Disposable {

  private final Route route;
  private final Route.Port port;
  private final MonoSink<Backend> sink;
  private volatile Disposable timer = Disposables.disposed();

  Waiter(Route route, Route.Port port, MonoSink<Backend> sink) {
    this.route = route;
    this.port = port;
    this.sink = sink;
  }

  /** Starts its timer; under the route's lock, so that it stands in the queue when that ends. */
  void begin(Duration patience) {
    timer = Schedulers.parallel().schedule(this, patience.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** From now on it leaves the queue when its client leaves. */
  void endWithClient() {
    sink.onCancel(this);
  }

  Route.Port port() {
    return port;
  }

  /** It may go on. */
  void pass(Backend backend) {
    timer.dispose();
    sink.success(backend);
  }

  /** It is answered here. */
  void refuse(Refusal refusal) {
    timer.dispose();
    sink.error(refusal);
  }

  /** It has waited long enough. */
  @Override
  public void run() {
    if (route.leave(this)) {
      sink.error(Refusal.timedOut(route.spec()));
    }
  }

  /** The client has left. */
  @Override
  public void dispose() {
    timer.dispose();
    route.leave(this);
  }
}
