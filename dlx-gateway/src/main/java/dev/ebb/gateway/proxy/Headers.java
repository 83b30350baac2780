package dev.ebb.gateway.proxy;

import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Which headers go on: all end-to-end ones as they came; none of the hop-by-hop ones of RFC 9110,
 * section 7.6.1. Stateless.
 */
final class Headers {

  private static final Set<String> HOP_BY_HOP =
      Set.of(
          "connection",
          "proxy-connection",
          "keep-alive",
          "te",
          "transfer-encoding",
          "upgrade",
          "http2-settings");

  /** What came through the server's decoder was checked there. */
  private static final HttpHeadersFactory UNCHECKED =
      DefaultHttpHeadersFactory.headersFactory().withValidation(false);

  private Headers() {}

  /** Makes the headers for the backend. */
  static HttpHeaders toBackend(HttpServerRequest request, String hop) {
    HttpHeaders in = request.requestHeaders();
    HttpHeaders out = UNCHECKED.newHeaders();
    copy(in, out);
    if (in.contains(HttpHeaderNames.TRANSFER_ENCODING)) {
      out.set(HttpHeaderNames.TRANSFER_ENCODING, "chunked");
    }
    if (in.contains(HttpHeaderNames.TE, "trailers", true)) {
      out.set(HttpHeaderNames.TE, "trailers");
    }
    out.add(ProxyHandler.HOP_HEADER, hop);
    InetSocketAddress peer = request.remoteAddress();
    if (peer != null && peer.getAddress() != null) {
      out.add("X-Forwarded-For", peer.getAddress().getHostAddress());
    }
    if (!in.contains("X-Forwarded-Proto")) {
      out.set("X-Forwarded-Proto", "http");
    }
    String host = in.get(HttpHeaderNames.HOST);
    if (host != null && !in.contains("X-Forwarded-Host")) {
      out.set("X-Forwarded-Host", host);
    }
    return out;
  }

  /**
   * Puts headers in the place of those that the client made up: it names itself as the user agent
   * of requests that have none, accepts everything for them, and announces a body that does not
   * come. Only its Host stays where there is no other, since HTTP/1.1 demands one.
   */
  static void replace(HttpHeaders madeUp, HttpHeaders wanted) {
    String host = madeUp.get(HttpHeaderNames.HOST);
    madeUp.set(wanted);
    if (host != null && !wanted.contains(HttpHeaderNames.HOST)) {
      madeUp.set(HttpHeaderNames.HOST, host);
    }
  }

  /** Fills the headers for the client. */
  static void toClient(HttpHeaders in, HttpHeaders out) {
    copy(in, out);
    if (!in.contains(HttpHeaderNames.CONTENT_LENGTH)) {
      out.remove(HttpHeaderNames.CONTENT_LENGTH);
    }
  }

  private static void copy(HttpHeaders in, HttpHeaders out) {
    Set<String> named = namedByConnection(in);
    for (Map.Entry<String, String> header : in) {
      String lower = header.getKey().toLowerCase(Locale.ROOT);
      if (!HOP_BY_HOP.contains(lower) && !named.contains(lower)) {
        out.add(header.getKey(), header.getValue());
      }
    }
  }

  private static Set<String> namedByConnection(HttpHeaders in) {
    List<String> values = in.getAll(HttpHeaderNames.CONNECTION);
    if (values.isEmpty()) {
      return Set.of();
    }
    Set<String> names = new HashSet<>();
    for (String value : values) {
      for (String name : value.split(",")) {
        names.add(name.strip().toLowerCase(Locale.ROOT));
      }
    }
    return names;
  }
}
