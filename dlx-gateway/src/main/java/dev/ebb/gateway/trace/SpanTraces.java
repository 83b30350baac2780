package dev.ebb.gateway.trace;

import dev.ebb.gateway.route.Backend;
import dev.ebb.gateway.route.Route;
import dev.ebb.gateway.route.WakeSteps;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Makes spans: one for the request, named by its method, which continues the caller's trace; below
 * it {@code forward} for each try at a backend, which the backend continues; and for a request that
 * had to wait {@code hold}, with {@code scale} until the scale was above zero, {@code start} until
 * a pod had an address, and {@code probe} until one was ready.
 *
 * <p>The phases of a wake are those of the route, whoever began it, cut to the time in which this
 * request waited. Spans are made when it is known what they are: so that a sampler can tell a cold
 * start from the rest, and a phase that never began leaves none. Thread-safe.
 */
public final class SpanTraces implements RequestTraces {

  private final Tracer tracer;
  private final Propagator propagator;
  private final InstantSource clock;
  private final LongSupplier nanoTime;

  /**
   * Creates traces.
   *
   * @param clock tells when a request came
   * @param nanoTime the monotonic clock of the routes
   */
  public SpanTraces(
      Tracer tracer, Propagator propagator, InstantSource clock, LongSupplier nanoTime) {
    this.tracer = tracer;
    this.propagator = propagator;
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  @Override
  public RequestTrace begin(Route route, HttpServerRequest request) {
    return new Spans(route, request);
  }

  /** The spans of one request. The client may leave while the request is released: one lock. */
  private final class Spans implements RequestTrace {
    private final Route route;
    private final HttpServerRequest request;
    private final ReentrantLock lock = new ReentrantLock();
    private final long startNanos = nanoTime.getAsLong();
    private final Instant start = clock.instant();
    private boolean waiting;
    private boolean over;
    private @Nullable Span server;
    private @Nullable Span attempt;

    private Spans(Route route, HttpServerRequest request) {
      this.route = route;
      this.request = request;
    }

    private void step(Runnable step) {
      lock.lock();
      try {
        if (!over) {
          step.run();
        }
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void held() {
      step(() -> waiting = true);
    }

    @Override
    public void released() {
      step(this::endWaiting);
    }

    @Override
    public void forwarding(Backend backend, HttpHeaders headers) {
      step(() -> {
        endAttempt();
        Span span =
            tracer
                .spanBuilder()
                .setParent(server().context())
                .name("forward")
                .kind(Span.Kind.CLIENT)
                .tag("server.address", backend.address())
                .tag("server.port", backend.port())
                .tag("k8s.pod.name", backend.pod())
                .startTimestamp(at(nanoTime.getAsLong()), TimeUnit.NANOSECONDS)
                .start();
        attempt = span;
        propagator.inject(span.context(), headers, (to, name, value) -> headers.set(name, value));
      });
    }

    @Override
    public void ended(int status, String result) {
      step(() -> {
        endAttempt();
        endWaiting();
        Span span = server().tag("ebb.result", result);
        if (status > 0) {
          span.tag("http.response.status_code", status);
        }
        if (status >= 500) {
          span.tag("error.type", Integer.toString(status));
        }
        end(span, nanoTime.getAsLong());
        over = true;
      });
    }

    private void endAttempt() {
      Span last = attempt;
      attempt = null;
      if (last != null) {
        end(last, nanoTime.getAsLong());
      }
    }

    private void endWaiting() {
      Span parent = server();
      if (waiting) {
        waiting = false;
        hold(parent, nanoTime.getAsLong());
      }
    }

    private Span server() {
      Span known = server;
      if (known != null) {
        return known;
      }
      Span span =
          propagator
              .extract(request.requestHeaders(), HttpHeaders::get)
              .name(request.method().name())
              .kind(Span.Kind.SERVER)
              .tag(ColdFirstSampler.COLD, waiting)
              .tag("ebb.scaled_resource", route.spec().key().toString())
              .tag("http.request.method", request.method().name())
              .tag("url.scheme", "http")
              .tag("url.path", path(request.uri()))
              .startTimestamp(at(startNanos), TimeUnit.NANOSECONDS)
              .start();
      server = span;
      return span;
    }

    private void hold(Span parent, long released) {
      Span hold = phase(parent, "hold", startNanos, released);
      WakeSteps.Steps wake = route.wakeSteps().now();
      if (hold != null && wake.begun() != null) {
        Long scaled = wake.scaled();
        Long addressed = wake.addressed();
        phase(hold, "scale", wake.begun(), scaled == null ? released : scaled);
        if (scaled != null) {
          phase(hold, "start", scaled, addressed == null ? released : addressed);
        }
        if (addressed != null) {
          phase(hold, "probe", addressed, released);
        }
      }
    }

    /** Makes a span of what of a phase this request has waited for; null when that is nothing. */
    private @Nullable Span phase(Span parent, String name, long from, long to) {
      long begin = from - startNanos < 0 ? startNanos : from;
      if (to - begin < 0) {
        return null;
      }
      Span span =
          tracer
              .spanBuilder()
              .setParent(parent.context())
              .name(name)
              .startTimestamp(at(begin), TimeUnit.NANOSECONDS)
              .start();
      end(span, to);
      return span;
    }

    private void end(Span span, long nanos) {
      span.end(at(nanos), TimeUnit.NANOSECONDS);
    }

    private long at(long nanos) {
      return TimeUnit.SECONDS.toNanos(start.getEpochSecond())
          + start.getNano()
          + (nanos - startNanos);
    }
  }

  /** The query stays out of traces: it may hold secrets. */
  private static String path(String uri) {
    int query = uri.indexOf('?');
    return query < 0 ? uri : uri.substring(0, query);
  }
}
