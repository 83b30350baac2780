package dev.ebb.benchmarks.client;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** HTTP/1.1 over a plain socket: a client that hides nothing, by a pool or a retry. */
final class Exchange {

  private static final int CONNECT_MS = 10_000;
  private static final int ANSWER_MS = 300_000;

  private Exchange() {}

  /** A whole answer. */
  record Answer(int status, String body) {}

  /** One request on a connection of its own; status 0 and the reason when no answer came. */
  static JsonNode get(URI uri) {
    ObjectNode result = Client.json().createObjectNode();
    try (Socket socket = connect(uri)) {
      InputStream in = new BufferedInputStream(socket.getInputStream(), 4096);
      byte[] head = head(uri, false);
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
      Answer answer = read(in);
      result.put("sent", sent).put("firstByte", firstByte).put("end", Client.micros());
      return result.put("status", answer.status()).put("body", answer.body());
    } catch (IOException failed) {
      return result.put("status", 0).put("body", failed.toString());
    }
  }

  static Socket connect(URI uri) throws IOException {
    Socket socket = new Socket();
    try {
      socket.setTcpNoDelay(true);
      socket.connect(
          new InetSocketAddress(uri.getHost(), uri.getPort() < 0 ? 80 : uri.getPort()), CONNECT_MS);
      socket.setSoTimeout(ANSWER_MS);
      return socket;
    } catch (IOException failed) {
      socket.close();
      throw failed;
    }
  }

  static byte[] head(URI uri, boolean keepAlive) {
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    String text =
        "GET "
            + path
            + query
            + " HTTP/1.1\r\nHost: "
            + uri.getHost()
            + "\r\nUser-Agent: ebb-bench\r\nConnection: "
            + (keepAlive ? "keep-alive" : "close")
            + "\r\n\r\n";
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  static Answer read(InputStream in) throws IOException {
    String statusLine = line(in);
    int length = -1;
    boolean chunked = false;
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      String lower = header.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Integer.parseInt(header.substring(header.indexOf(':') + 1).strip());
      }
      chunked |= lower.startsWith("transfer-encoding:") && lower.endsWith("chunked");
    }
    byte[] body = chunked ? chunks(in) : length < 0 ? in.readAllBytes() : in.readNBytes(length);
    if (body.length < length) {
      throw new IOException("the answer ended after " + body.length + " of " + length + " bytes");
    }
    return new Answer(
        Integer.parseInt(statusLine.split(" ", 3)[1]), new String(body, StandardCharsets.UTF_8));
  }

  private static byte[] chunks(InputStream in) throws IOException {
    var body = new java.io.ByteArrayOutputStream();
    for (int size = size(in); size > 0; size = size(in)) {
      body.write(in.readNBytes(size));
      line(in);
    }
    while (!line(in).isEmpty()) {
      // a trailer
    }
    return body.toByteArray();
  }

  private static int size(InputStream in) throws IOException {
    return Integer.parseInt(line(in).split(";", 2)[0].strip(), 16);
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("the connection ended before an answer");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }
}
