package dev.ebb.samples.hello;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 on one virtual thread per connection. Written by hand because the JDK's server answers
 * 400 to targets that are no valid URI, and tests want to see exactly what arrived.
 *
 * <p>Stopping: the port closes, connections without a request are closed at once, requests in
 * flight finish and say {@code Connection: close}.
 */
final class HelloServer implements AutoCloseable {

  private static final int LARGEST_UNREAD_BODY = 1 << 20;
  private static final int MOST_HEADERS = 1_000;

  private final Settings settings;
  private final Routes routes;
  private final ServerSocket listener;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private volatile boolean stopping;

  HelloServer(Settings settings, Clock clock) throws IOException {
    this.settings = settings;
    this.routes = new Routes(settings, clock);
    this.listener = new ServerSocket();
    listener.setReuseAddress(true);
    listener.bind(new InetSocketAddress(settings.port()), 4096);
    Thread.ofPlatform().name("accept").start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        routes.accepted();
        socket.setTcpNoDelay(true);
        Thread.ofVirtual().start(new Connection(socket));
      } catch (IOException e) {
        if (!listener.isClosed()) {
          System.err.println("accept: " + e.getMessage());
        }
      }
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    routes.stop();
    Thread.sleep(settings.stopDelay());
    listener.close();
    stopping = true;
    connections.forEach(Connection::closeIfIdle);
    long end = System.nanoTime() + settings.drain().toNanos();
    while (!connections.isEmpty() && System.nanoTime() - end < 0) {
      Thread.sleep(Duration.ofMillis(5));
    }
    connections.forEach(Connection::cut);
  }

  private final class Connection implements Runnable {
    private final Socket socket;
    private boolean busy;
    private boolean closed;

    Connection(Socket socket) {
      this.socket = socket;
    }

    @Override
    public void run() {
      connections.add(this);
      try (socket) {
        if (stopping) {
          return;
        }
        var in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
        var out = new BufferedOutputStream(socket.getOutputStream(), 16 * 1024);
        while (serve(in, out)) {
          // the next request
        }
      } catch (IOException e) {
        // The client left, or spoke something else.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        connections.remove(this);
      }
    }

    /** One request; false when it was the last. */
    private boolean serve(InputStream in, OutputStream out)
        throws IOException, InterruptedException {
      in.mark(1);
      if (in.read() < 0 || !begin()) {
        return false;
      }
      in.reset();
      try {
        Request request = read(in, out);
        if (request == null) {
          return false;
        }
        boolean more = answer(request, in, out);
        out.flush();
        return more && end();
      } finally {
        end();
      }
    }

    private synchronized boolean begin() {
      busy = !closed;
      return busy;
    }

    private synchronized boolean end() {
      busy = false;
      closed |= stopping;
      return !closed;
    }

    synchronized void closeIfIdle() {
      if (!busy) {
        cut();
      }
    }

    synchronized void cut() {
      closed = true;
      try {
        socket.close();
      } catch (IOException e) {
        // closed is closed
      }
    }

    private @Nullable Request read(InputStream in, OutputStream out) throws IOException {
      String start = Bodies.line(in);
      while (start != null && start.isEmpty()) {
        start = Bodies.line(in);
      }
      if (start == null) {
        return null;
      }
      int first = start.indexOf(' ');
      int last = start.lastIndexOf(' ');
      if (first < 1 || last == first || !start.startsWith("HTTP/1.", last + 1)) {
        head(out, 400, "Bad Request", "Connection: close", "Content-Length: 0");
        return null;
      }
      List<Request.Header> headers = new ArrayList<>();
      for (String line = Bodies.line(in); ; line = Bodies.line(in)) {
        if (line == null) {
          throw new EOFException("the connection ended within the headers");
        }
        if (line.isEmpty()) {
          break;
        }
        int colon = line.indexOf(':');
        if (colon < 1 || headers.size() == MOST_HEADERS) {
          head(out, 400, "Bad Request", "Connection: close", "Content-Length: 0");
          return null;
        }
        headers.add(
            new Request.Header(line.substring(0, colon), line.substring(colon + 1).strip()));
      }
      var request =
          new Request(
              start.substring(0, first),
              start.substring(first + 1, last),
              start.substring(last + 1),
              List.copyOf(headers),
              InputStream.nullInputStream(),
              0);
      return withBody(request, in, out);
    }

    private Request withBody(Request request, InputStream in, OutputStream out) throws IOException {
      boolean chunked =
          request.header("Transfer-Encoding").filter("chunked"::equalsIgnoreCase).isPresent();
      long length = chunked ? -1 : request.header("Content-Length").map(Long::parseLong).orElse(0L);
      if (length == 0) {
        return request;
      }
      if (request.header("Expect").filter("100-continue"::equalsIgnoreCase).isPresent()) {
        head(out, 100, "Continue");
      }
      return new Request(
          request.method(),
          request.target(),
          request.version(),
          request.headers(),
          chunked ? new Bodies.Chunked(in) : new Bodies.Fixed(in, length),
          length);
    }

    /** True when the connection can serve another request. */
    private boolean answer(Request request, InputStream in, OutputStream out)
        throws IOException, InterruptedException {
      Answer answer = routes.answer(request);
      boolean close = request.wantsClose() || stopping;
      String connection = close ? "Connection: close" : "Connection: keep-alive";
      boolean bodiless = request.method().equals("HEAD");
      switch (answer) {
        case Answer.Text text -> {
          byte[] bytes = text.bytes();
          head(
              out,
              text.status(),
              text.status() == 200 ? "OK" : "Status",
              connection,
              "Content-Type: " + text.type(),
              "Content-Length: " + bytes.length);
          if (!bodiless) {
            out.write(bytes);
          }
        }
        case Answer.Stream stream -> {
          boolean chunked = stream.length() < 0;
          head(
              out,
              200,
              "OK",
              connection,
              "Content-Type: " + stream.type(),
              chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + stream.length());
          if (!bodiless) {
            if (chunked) {
              var body = new Bodies.ChunkedOutput(out);
              stream.body().to(body);
              body.close();
            } else {
              stream.body().to(out);
            }
          }
        }
        case Answer.Upgrade upgrade -> {
          head(
              out,
              101,
              "Switching Protocols",
              "Connection: Upgrade",
              "Upgrade: " + upgrade.protocol());
          Answer.Body.copy(in).to(out);
          return false;
        }
        case Answer.Cut() -> {
          socket.setSoLinger(true, 0);
          return false;
        }
      }
      out.flush();
      return !close && request.body().readNBytes(LARGEST_UNREAD_BODY).length < LARGEST_UNREAD_BODY;
    }

    private static void head(OutputStream out, int status, String reason, String... headers)
        throws IOException {
      var head = new StringBuilder("HTTP/1.1 ").append(status).append(' ').append(reason);
      for (String header : headers) {
        head.append("\r\n").append(header);
      }
      out.write(head.append("\r\n\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
    }
  }
}
