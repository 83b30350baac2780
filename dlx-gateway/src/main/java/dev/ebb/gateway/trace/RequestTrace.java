package dev.ebb.gateway.trace;

import dev.ebb.gateway.route.Backend;
import io.netty.handler.codec.http.HttpHeaders;

/**
 * One request's trace. It is told what happens in this order: {@link #held} if the request has to
 * wait; {@link #released} when there is a backend; {@link #forwarding} before each try; {@link
 * #ended} once.
 */
public interface RequestTrace {

  /** Traces nothing. */
  RequestTrace OFF =
      new RequestTrace() {
        @Override
        public void held() {}

        @Override
        public void released() {}

        @Override
        public void forwarding(Backend backend, HttpHeaders headers) {}

        @Override
        public void ended(int status, String result) {}
      };

  /** No backend is usable: the request waits. */
  void held();

  /** There is a backend. */
  void released();

  /**
   * The request goes to a backend, which may continue the trace.
   *
   * @param headers those for the backend; they get the trace's context
   */
  void forwarding(Backend backend, HttpHeaders headers);

  /**
   * The answer is through, or there will be none.
   *
   * @param status of the answer; 0 when none was begun
   * @param result as in {@code ebb_gateway_requests_total}
   */
  void ended(int status, String result);
}
