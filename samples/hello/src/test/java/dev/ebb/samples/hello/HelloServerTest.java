package dev.ebb.samples.hello;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HelloServerTest {

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final HelloServer server;

  HelloServerTest() throws IOException {
    server = start(Map.of(), Clock.systemUTC());
  }

  @AfterEach
  void stop() throws Exception {
    client.shutdownNow();
    server.close();
  }

  private static HelloServer start(Map<String, String> environment, Clock clock)
      throws IOException {
    var all = new java.util.HashMap<>(environment);
    all.put("PORT", "0");
    all.putIfAbsent("POD_NAME", "hello-1");
    all.putIfAbsent("DRAIN_MS", "5000");
    return new HelloServer(Settings.from(all), clock);
  }

  private URI uri(String target) {
    return URI.create("http://localhost:" + server.port() + target);
  }

  private HttpResponse<String> get(String target) throws Exception {
    return client.send(
        HttpRequest.newBuilder(uri(target)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static Socket connect(HelloServer server) throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), server.port());
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
  }

  /** Reads until the text so far ends with, or contains, what is expected. */
  private static String readUntil(Socket socket, String expected) throws IOException {
    var text = new StringBuilder();
    InputStream in = socket.getInputStream();
    while (text.indexOf(expected) < 0) {
      int b = in.read();
      if (b < 0) {
        throw new IOException("ended after: " + text);
      }
      text.append((char) b);
    }
    return text.toString();
  }

  @Test
  void saysWhoAnswersAndWhatWasAsked() throws Exception {
    var response =
        client.send(
            HttpRequest.newBuilder(uri("/a/b?c=d"))
                .PUT(HttpRequest.BodyPublishers.ofString("12345"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body())
        .contains("\"pod\":\"hello-1\"", "\"method\":\"PUT\"", "\"path\":\"/a/b\"")
        .contains("\"query\":\"c=d\"", "\"bodyBytes\":5", "\"startedAt\":\"20")
        .contains("\"firstAcceptAt\":\"20");
  }

  @Test
  void givesTheTargetBackByteForByte() throws Exception {
    String target = "//a/%zz/%2F/../b|[^\u00e9?x=\"1\"&y=%&z=#";
    try (var socket = connect(server)) {
      send(socket, "GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(readUntil(socket, "}\n"))
          .startsWith("HTTP/1.1 200 ")
          .contains("\"target\":\"//a/%zz/%2F/../b|[^\\u00e9?x=\\\"1\\\"&y=%&z=#\"");
    }
  }

  @Test
  void servesManyRequestsOnOneConnection() throws Exception {
    try (var socket = connect(server)) {
      for (int i = 1; i <= 3; i++) {
        send(socket, "POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc");
        assertThat(readUntil(socket, "}\n")).contains("\"requests\":" + i);
      }
      send(socket, "HEAD / HTTP/1.1\r\n\r\nGET /ready HTTP/1.1\r\n\r\n");
      assertThat(readUntil(socket, "ready\n")).doesNotContain("{");
    }
  }

  @Test
  void echoesABodyWhileItArrives() throws Exception {
    try (var socket = connect(server)) {
      send(
          socket,
          "POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n");
      assertThat(readUntil(socket, "\r\n\r\n")).startsWith("HTTP/1.1 100 Continue");
      send(socket, "5\r\nfirst\r\n");
      assertThat(readUntil(socket, "5\r\nfirst\r\n")).contains("Transfer-Encoding: chunked");
      send(socket, "6;x=y\r\nsecond\r\n0\r\nTrailer: t\r\n\r\n");
      assertThat(readUntil(socket, "0\r\n\r\n")).isEqualTo("6\r\nsecond\r\n0\r\n\r\n");
    }
  }

  @Test
  void echoesAllBytes() throws Exception {
    byte[] bytes = new byte[3 << 20];
    new Random(7).nextBytes(bytes);
    var response =
        client.send(
            HttpRequest.newBuilder(uri("/echo"))
                .POST(HttpRequest.BodyPublishers.ofByteArray(bytes))
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());
    assertThat(response.body()).isEqualTo(bytes);
    assertThat(response.headers().firstValue("Content-Length")).contains("" + bytes.length);
  }

  @Test
  void streamsAsManyBytesAsAsked() throws Exception {
    assertThat(get("/stream?bytes=100000").body()).hasSize(100_000);
    assertThat(get("/stream?bytes=0").body()).isEmpty();
  }

  @Test
  void givesHeadersBackAsReceived() throws Exception {
    try (var socket = connect(server)) {
      send(socket, "GET /headers HTTP/1.1\r\nX-one: 1\r\nx-ONE:  2\r\nConnection: close\r\n\r\n");
      assertThat(new String(socket.getInputStream().readAllBytes(), ISO_8859_1))
          .endsWith("X-one: 1\nx-ONE: 2\nConnection: close\n");
    }
  }

  @Test
  void answersWithTheStatusAsked() throws Exception {
    assertThat(get("/status?code=503").statusCode()).isEqualTo(503);
  }

  @Test
  void upgradesToAnEchoOfBytes() throws Exception {
    try (var socket = connect(server)) {
      send(socket, "GET /upgrade HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: bytes\r\n\r\nearly");
      assertThat(readUntil(socket, "early")).startsWith("HTTP/1.1 101 ");
      send(socket, "late");
      assertThat(readUntil(socket, "late")).isEqualTo("late");
    }
  }

  @Test
  void cutsAConnectionOnDemand() {
    assertThatThrownBy(() -> get("/cut")).isInstanceOf(IOException.class);
  }

  @Test
  void isReadyWhenItsTimeHasCome() throws Exception {
    var now = new AtomicReference<>(Instant.EPOCH);
    InstantSource time = now::get;
    try (var warming = start(Map.of("READY_AFTER_MS", "2000"), time.withZone(ZoneOffset.UTC));
        var socket = connect(warming)) {
      send(socket, "GET /ready HTTP/1.1\r\n\r\n");
      assertThat(readUntil(socket, "\n\r\n")).startsWith("HTTP/1.1 503 ");
      readUntil(socket, "up\n");
      now.set(Instant.EPOCH.plusSeconds(2));
      send(socket, "GET /ready HTTP/1.1\r\n\r\n");
      assertThat(readUntil(socket, "ready\n")).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void finishesWhatIsInFlightWhenItStops() throws Exception {
    try (var idle = connect(server);
        var busy = connect(server)) {
      send(idle, "GET / HTTP/1.1\r\n\r\n");
      readUntil(idle, "}\n");
      send(busy, "POST /echo HTTP/1.1\r\nContent-Length: 10\r\n\r\nfirst");
      readUntil(busy, "first");
      var stopped =
          CompletableFuture.runAsync(() -> {
            try {
              server.close();
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
          });
      assertThat(idle.getInputStream().read()).isEqualTo(-1);
      assertThat(stopped).isNotDone();
      assertThatThrownBy(() -> connect(server)).isInstanceOf(ConnectException.class);
      busy.getOutputStream().write("other".getBytes(ISO_8859_1));
      assertThat(new String(busy.getInputStream().readAllBytes(), ISO_8859_1)).isEqualTo("other");
      stopped.get(2, TimeUnit.SECONDS);
    }
  }
}
