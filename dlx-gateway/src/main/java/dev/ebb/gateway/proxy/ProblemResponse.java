package dev.ebb.gateway.proxy;

import dev.ebb.gateway.route.Refusal;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import tools.jackson.databind.json.JsonMapper;

/** Writes a refusal as RFC 9457 problem details. Stateless. */
final class ProblemResponse {

  private static final JsonMapper JSON = JsonMapper.shared();

  private ProblemResponse() {}

  static Mono<Void> send(HttpServerRequest request, HttpServerResponse response, Refusal refusal) {
    HttpResponseStatus status = HttpResponseStatus.valueOf(refusal.status());
    Map<String, Object> problem = new LinkedHashMap<>();
    problem.put("type", "about:blank");
    problem.put("title", status.reasonPhrase());
    problem.put("status", refusal.status());
    problem.put("reason", refusal.reason());
    problem.put("detail", refusal.getMessage());
    byte[] body = JSON.writeValueAsString(problem).getBytes(StandardCharsets.UTF_8);
    response.status(status);
    response.header(HttpHeaderNames.CONTENT_TYPE, "application/problem+json");
    response.header(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(body.length));
    response.header(HttpHeaderNames.CACHE_CONTROL, "no-store");
    if (refusal.retryAfter() != null) {
      long seconds = Math.max(1, refusal.retryAfter().toSeconds());
      response.header(HttpHeaderNames.RETRY_AFTER, Long.toString(seconds));
    }
    boolean unread =
        request.requestHeaders().contains(HttpHeaderNames.TRANSFER_ENCODING)
            || !"0".equals(request.requestHeaders().get(HttpHeaderNames.CONTENT_LENGTH, "0"));
    if (unread) {
      // The body was never read; the connection cannot be used again.
      response.keepAlive(false);
    }
    return response.send(Mono.just(Unpooled.wrappedBuffer(body))).then();
  }
}
