package dev.ebb.gateway.proxy;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An HTTP/1.1 client that sends exactly the bytes it is given. */
final class RawClient implements Closeable {

  private static final Pattern LENGTH = Pattern.compile("(?i)content-length: (\\d+)");
  private final Socket socket;
  private final AtomicLong pumped = new AtomicLong();
  private long seen = -1;
  private long since;

  RawClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(20_000);
  }

  void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
  }

  /** Writes so many bytes on a thread of its own. */
  Thread pump(long size) {
    return Thread.ofVirtual()
        .start(() -> {
          byte[] block = new byte[64 * 1024];
          try {
            for (long left = size; left > 0; left -= block.length) {
              socket.getOutputStream().write(block, 0, (int) Math.min(left, block.length));
              pumped.addAndGet(Math.min(left, block.length));
            }
          } catch (IOException e) {
            // The assertion on what arrived tells.
          }
        });
  }

  long pumped() {
    return pumped.get();
  }

  /** Returns whether nothing more could be written for 300 ms. */
  boolean stalled() {
    long now = pumped.get();
    if (now != seen) {
      seen = now;
      since = System.nanoTime();
      return false;
    }
    return System.nanoTime() - since > 300_000_000L;
  }

  String readHead() throws IOException {
    return readUntil("\r\n\r\n");
  }

  String readBody(String head) throws IOException {
    Matcher matcher = LENGTH.matcher(head);
    if (!matcher.find()) {
      throw new IOException("no length in " + head);
    }
    return new String(
        socket.getInputStream().readNBytes(Integer.parseInt(matcher.group(1))),
        StandardCharsets.UTF_8);
  }

  String readUntil(String end) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    InputStream in = socket.getInputStream();
    while (!bytes.toString(StandardCharsets.UTF_8).endsWith(end)) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("closed after: " + bytes.toString(StandardCharsets.UTF_8));
      }
      bytes.write(next);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
