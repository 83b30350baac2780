package dev.ebb.gateway.wake;

import dev.ebb.runtime.model.Pod;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A GET as the kubelet's probe makes it, on a connection of its own, of whose answer only the
 * status matters. On a plain socket: somebody waits for the answer, and while a pod starts a try is
 * refused every few milliseconds, which must cost next to nothing. Stateless; blocks, so call it
 * from virtual threads.
 */
final class HttpProbe {

  private static final int LONGEST_STATUS_LINE = 1024;
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([0-9]{3})( .*)?");

  private HttpProbe() {}

  /**
   * Returns whether the answer is one of success, or leads elsewhere, which is not followed.
   *
   * @param get what to ask for; its scheme and host are not looked at
   * @param limit for connecting, and again for the answer
   */
  static boolean answers(String address, int port, Pod.HttpGet get, Duration limit) {
    String head = head(address, port, get);
    if (head == null) {
      return false;
    }
    try (Socket socket = new Socket()) {
      socket.setTcpNoDelay(true);
      socket.connect(new InetSocketAddress(address, port), Math.toIntExact(limit.toMillis()));
      socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
      int status = status(socket, System.nanoTime() + limit.toNanos());
      return status >= 200 && status < 400;
    } catch (IOException notYet) {
      return false;
    }
  }

  /** Returns the request, or null where what is declared would break out of its line. */
  private static @Nullable String head(String address, int port, Pod.HttpGet get) {
    String declared = get.path() == null ? "" : get.path();
    String path = declared.startsWith("/") ? declared : "/" + declared;
    String host = address.contains(":") ? "[" + address + "]" : address;
    StringBuilder head = new StringBuilder(256);
    head.append("GET ").append(path).append(" HTTP/1.1\r\nHost: ").append(host);
    head.append(':').append(port).append("\r\nConnection: close\r\n");
    if (!plain(path) || path.indexOf(' ') >= 0) {
      return null;
    }
    boolean agent = false;
    for (Pod.Header header : get.httpHeaders()) {
      String value = header.value() == null ? "" : header.value();
      if (!plain(header.name()) || !plain(value)) {
        return null;
      }
      if (!header.name().equalsIgnoreCase("Host")) {
        head.append(header.name()).append(": ").append(value).append("\r\n");
      }
      agent |= header.name().equalsIgnoreCase("User-Agent");
    }
    return head.append(agent ? "" : "User-Agent: kube-probe/ebb\r\n").append("\r\n").toString();
  }

  private static boolean plain(String text) {
    return text.chars().noneMatch(c -> c < ' ' || c == 0x7f);
  }

  private static int status(Socket socket, long deadline) throws IOException {
    InputStream in = socket.getInputStream();
    ByteArrayOutputStream line = new ByteArrayOutputStream(64);
    for (int left = LONGEST_STATUS_LINE; left > 0; left--) {
      long millis = (deadline - System.nanoTime()) / 1_000_000;
      if (millis <= 0) {
        break;
      }
      socket.setSoTimeout(Math.toIntExact(millis));
      int next = in.read();
      if (next == '\n') {
        Matcher matcher =
            STATUS.matcher(line.toString(StandardCharsets.ISO_8859_1).stripTrailing());
        return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
      }
      if (next < 0) {
        break;
      }
      line.write(next);
    }
    return 0;
  }
}
