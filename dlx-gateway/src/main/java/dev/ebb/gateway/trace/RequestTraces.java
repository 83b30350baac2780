package dev.ebb.gateway.trace;

import dev.ebb.gateway.route.Route;
import reactor.netty.http.server.HttpServerRequest;

/** Begins the trace of each request. Thread-safe; never blocks. */
public interface RequestTraces {

  /** Traces nothing, and leaves a caller's trace headers as they are. */
  RequestTraces OFF = (route, request) -> RequestTrace.OFF;

  /** A request came for a route. */
  RequestTrace begin(Route route, HttpServerRequest request);
}
