package dev.ebb.system;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Calls HTTP services over plain sockets, from inside the cluster's network: a client that hides
 * nothing, neither by a pool nor by a retry. A process of its own, since a network belongs to a
 * process; talks in lines.
 *
 * <pre>
 *   once COUNT RETRY_MS URL       COUNT requests at once, each on a connection of its own; one that
 *                                 fails is tried once more after RETRY_MS (0: not at all)
 *   loop PAUSE_MS KEEP_ALIVE URL… one caller for each URL, until standard input ends
 *
 *   SENT                          all requests of "once" are written
 *   R caller attempt start_ms end_ms status text
 *   DONE
 * </pre>
 */
public final class Load {

  private static final int CONNECT_MS = 5_000;
  private static final int ANSWER_MS = 180_000;

  private record Answer(int status, String body) {}

  private Load() {}

  /** Runs one mode; see the class comment. */
  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "once" -> once(Integer.parseInt(args[1]), Long.parseLong(args[2]), args[3]);
      case "loop" -> {
        List<String> urls = List.of(args).subList(3, args.length);
        loop(Long.parseLong(args[1]), Boolean.parseBoolean(args[2]), urls);
      }
      default -> throw new IllegalArgumentException(args[0]);
    }
    say("DONE");
  }

  private static void once(int count, long retryMillis, String url) throws InterruptedException {
    URI uri = URI.create(url);
    CountDownLatch sent = new CountDownLatch(count);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int caller = i;
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                if (!attempt(caller, 1, uri, sent) && retryMillis > 0) {
                  pause(retryMillis);
                  attempt(caller, 2, uri, new CountDownLatch(1));
                }
              }));
    }
    sent.await();
    say("SENT");
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private static boolean attempt(int caller, int attempt, URI uri, CountDownLatch sent) {
    long start = System.currentTimeMillis();
    boolean counted = false;
    try (Socket socket = connect(uri)) {
      send(socket, uri, false);
      sent.countDown();
      counted = true;
      Answer answer = read(new BufferedInputStream(socket.getInputStream()));
      report(caller, attempt, start, answer.status(), answer.body());
      return answer.status() == 200;
    } catch (IOException e) {
      report(caller, attempt, start, 0, e.toString());
      return false;
    } finally {
      if (!counted) {
        sent.countDown();
      }
    }
  }

  private static void loop(long pauseMillis, boolean keepAlive, List<String> urls)
      throws InterruptedException {
    boolean[] ended = {false};
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < urls.size(); i++) {
      int caller = i;
      URI uri = URI.create(urls.get(i));
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                if (keepAlive) {
                  onOneConnection(caller, uri, pauseMillis, ended);
                } else {
                  onManyConnections(caller, uri, pauseMillis, ended);
                }
              }));
    }
    awaitEndOfInput();
    ended[0] = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private static void onManyConnections(int caller, URI uri, long pauseMillis, boolean[] ended) {
    while (!ended[0]) {
      attempt(caller, 1, uri, new CountDownLatch(1));
      pause(pauseMillis);
    }
  }

  private static void onOneConnection(int caller, URI uri, long pauseMillis, boolean[] ended) {
    int attempt = 0;
    try (Socket socket = connect(uri)) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      while (!ended[0]) {
        long start = System.currentTimeMillis();
        send(socket, uri, true);
        Answer answer = read(in);
        report(caller, ++attempt, start, answer.status(), answer.body());
        pause(pauseMillis);
      }
    } catch (IOException e) {
      report(caller, attempt + 1, System.currentTimeMillis(), 0, e.toString());
    }
  }

  private static Socket connect(URI uri) throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(
          new InetSocketAddress(uri.getHost(), uri.getPort() < 0 ? 80 : uri.getPort()), CONNECT_MS);
      socket.setSoTimeout(ANSWER_MS);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static void send(Socket socket, URI uri, boolean keepAlive) throws IOException {
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    String request =
        "GET "
            + path
            + query
            + " HTTP/1.1\r\nHost: "
            + uri.getHost()
            + "\r\nConnection: "
            + (keepAlive ? "keep-alive" : "close")
            + "\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
  }

  private static Answer read(InputStream in) throws IOException {
    String statusLine = line(in);
    int length = -1;
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(header.substring(header.indexOf(':') + 1).strip());
      }
    }
    byte[] body = length < 0 ? in.readAllBytes() : in.readNBytes(length);
    if (body.length < length) {
      throw new IOException("the answer ended after " + body.length + " of " + length + " bytes");
    }
    return new Answer(
        Integer.parseInt(statusLine.split(" ", 3)[1]), new String(body, StandardCharsets.UTF_8));
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

  private static void awaitEndOfInput() {
    try {
      while (System.in.read() >= 0) {
        // Only its end matters.
      }
    } catch (IOException e) {
      // As good as its end.
    }
  }

  private static void pause(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void report(int caller, int attempt, long start, int status, String text) {
    String oneLine = text.strip().replaceAll("\\s+", " ");
    say(
        "R %d %d %d %d %d %s"
            .formatted(caller, attempt, start, System.currentTimeMillis(), status, oneLine));
  }

  private static void say(String line) {
    PrintStream out = System.out;
    synchronized (out) {
      out.println(line);
      out.flush();
    }
  }
}
