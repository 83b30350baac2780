package dev.ebb.benchmarks.client;

import dev.ebb.localcluster.http.RawHttp;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A request whose moments are noted. */
final class Exchange {

  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration ANSWER = Duration.ofMinutes(5);

  private Exchange() {}

  /** One request on a connection of its own; status 0 and the reason when no answer came. */
  static JsonNode get(URI uri) {
    ObjectNode result = Client.json().createObjectNode();
    try (Socket socket = connect(uri)) {
      InputStream in = new BufferedInputStream(socket.getInputStream(), 4096);
      byte[] head = RawHttp.get(uri, false);
      // Before the write: no later than the arrival of the last header byte at the other side
      long sent = Client.micros();
      socket.getOutputStream().write(head);
      in.mark(1);
      int first = in.read();
      long firstByte = Client.micros();
      if (first < 0) {
        throw new IOException("the connection ended before an answer");
      }
      in.reset();
      RawHttp.Answer answer = RawHttp.read(in);
      result.put("sent", sent).put("firstByte", firstByte).put("end", Client.micros());
      return result.put("status", answer.status()).put("body", answer.body());
    } catch (IOException failed) {
      return result.put("status", 0).put("body", failed.toString());
    }
  }

  static Socket connect(URI uri) throws IOException {
    return RawHttp.connect(uri, CONNECT, ANSWER);
  }
}
