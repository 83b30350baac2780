package dev.ebb.gateway.proxy;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server that records exactly the bytes it gets; {@code /stream} and {@code /abort} are special.
 */
final class RawBackend implements Closeable {

  private static final Pattern LENGTH = Pattern.compile("content-length: (\\d+)");
  private final ServerSocket server;
  private final AtomicInteger requests = new AtomicInteger();
  private volatile String lastHead = "";
  private volatile byte[] lastBody = new byte[0];
  private final java.util.concurrent.CompletableFuture<OutputStream> streaming =
      new java.util.concurrent.CompletableFuture<>();

  RawBackend() throws IOException {
    server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  int requests() {
    return requests.get();
  }

  String lastHead() {
    return lastHead;
  }

  String lastBody() {
    return new String(lastBody, StandardCharsets.UTF_8);
  }

  int lastBodyLength() {
    return lastBody.length;
  }

  void chunk(String text) throws IOException {
    OutputStream out = streaming.join();
    out.write(
        (Integer.toHexString(text.length()) + "\r\n" + text + "\r\n")
            .getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  void endChunks() throws IOException {
    streaming.join().write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    streaming.join().flush();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      while (answer(socket)) {
        requests.incrementAndGet();
      }
    } catch (IOException e) {
      // The peer has gone.
    }
  }

  private boolean answer(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.UTF_8).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        return false;
      }
      head.write(next);
    }
    String text = head.toString(StandardCharsets.UTF_8);
    Matcher length = LENGTH.matcher(text.toLowerCase(Locale.ROOT));
    lastBody = length.find() ? in.readNBytes(Integer.parseInt(length.group(1))) : new byte[0];
    lastHead = text;
    OutputStream out = socket.getOutputStream();
    if (text.contains("/abort")) {
      return false;
    }
    if (text.contains("/stream")) {
      out.write(
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
              .getBytes(StandardCharsets.US_ASCII));
      out.flush();
      streaming.complete(out);
      return true;
    }
    String body = text.startsWith("HEAD") ? "" : "ok";
    out.write(
        ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n" + body)
            .getBytes(StandardCharsets.US_ASCII));
    out.flush();
    return true;
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      // Nothing to do about it.
    }
  }
}
