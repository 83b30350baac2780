package dev.ebb.samples.hello;

import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * One request as it came over the wire.
 *
 * @param target the request target, byte for byte (ISO 8859-1), never decoded or normalised
 * @param headers as received, in order, {@code Name: value}
 * @param body empty where there is none; ends where the body ends
 * @param length of the body, -1 if chunked
 */
record Request(
    String method,
    String target,
    String version,
    List<Header> headers,
    InputStream body,
    long length) {

  record Header(String name, String value) {}

  String path() {
    int question = target.indexOf('?');
    return question < 0 ? target : target.substring(0, question);
  }

  String query() {
    int question = target.indexOf('?');
    return question < 0 ? "" : target.substring(question + 1);
  }

  Optional<String> header(String name) {
    return headers.stream()
        .filter(header -> header.name().equalsIgnoreCase(name))
        .map(Header::value)
        .findFirst();
  }

  /** The named number in the query, at most {@code max}. */
  long number(String name, long otherwise, long max) {
    for (String pair : query().split("&", -1)) {
      if (pair.startsWith(name + "=")) {
        try {
          return Math.clamp(Long.parseLong(pair.substring(name.length() + 1)), 0, max);
        } catch (NumberFormatException e) {
          return otherwise;
        }
      }
    }
    return otherwise;
  }

  boolean wantsClose() {
    String connection = header("Connection").orElse("");
    return version.equals("HTTP/1.0")
        ? !connection.equalsIgnoreCase("keep-alive")
        : connection.equalsIgnoreCase("close");
  }
}
