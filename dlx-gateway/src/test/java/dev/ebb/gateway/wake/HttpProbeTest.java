package dev.ebb.gateway.wake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.runtime.model.IntOrString;
import dev.ebb.runtime.model.Pod;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpProbeTest {

  private static final Duration LIMIT = Duration.ofSeconds(10);

  private ServerSocket server;
  private volatile String answer = "HTTP/1.1 200 OK\r\n\r\n";
  private volatile String asked = "";

  @BeforeEach
  void start() throws IOException {
    server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::serve);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private void serve() {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        InputStream in = socket.getInputStream();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
          head.append((char) in.read());
        }
        asked = head.toString();
        socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        if (answer.isEmpty()) {
          in.read(); // says nothing until the other side has enough
        }
      } catch (IOException gone) {
        // The next one
      }
    }
  }

  private boolean probe(@Nullable String path, Pod.Header... headers) {
    return probe(path, LIMIT, headers);
  }

  private boolean probe(@Nullable String path, Duration limit, Pod.Header... headers) {
    return probe(server.getLocalPort(), path, limit, headers);
  }

  private static boolean probe(
      int port, @Nullable String path, Duration limit, Pod.Header... headers) {
    Pod.HttpGet get = new Pod.HttpGet(path, new IntOrString(port), null, List.of(headers));
    return HttpProbe.answers("127.0.0.1", port, get, limit);
  }

  @Test
  void asksAsTheKubeletDoes() {
    assertThat(probe("ready?x=1", new Pod.Header("X-A", "b c"), new Pod.Header("host", "evil")))
        .isTrue();

    assertThat(asked)
        .isEqualTo(
            "GET /ready?x=1 HTTP/1.1\r\nHost: 127.0.0.1:"
                + server.getLocalPort()
                + "\r\nConnection: close\r\nX-A: b c\r\nUser-Agent: kube-probe/ebb\r\n\r\n");
  }

  @Test
  void aDeclaredUserAgentIsTheOnlyOne() {
    assertThat(probe(null, new Pod.Header("user-agent", "mine"))).isTrue();

    assertThat(asked)
        .startsWith("GET / ")
        .contains("user-agent: mine")
        .doesNotContain("kube-probe");
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.1 204 No Content", "HTTP/1.0 200", "HTTP/1.1 302 Found"})
  void successAndRedirectionPass(String line) {
    answer = line + "\r\n\r\n";
    assertThat(probe("/")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"HTTP/1.1 503 No", "HTTP/1.1 404 No", "HTTP/1.1 2000 X", "SSH-2.0-x", "HTTP/1.1"})
  void nothingElseDoes(String line) {
    answer = line + "\r\n\r\n";
    assertThat(probe("/")).isFalse();
  }

  @Test
  void whoSaysNothingDoesNotPassAndDoesNotKeepUsWaiting() {
    answer = "";
    assertThat(probe("/", Duration.ofMillis(100))).isFalse();
  }

  @Test
  void aClosedPortDoesNotPass() throws IOException {
    // One that is taken, so that nobody else listens there meanwhile, and not listened at.
    try (Socket taken = new Socket()) {
      taken.bind(new InetSocketAddress("127.0.0.1", 0));

      assertThat(probe(taken.getLocalPort(), "/", LIMIT)).isFalse();
    }
  }

  @Test
  void whatWouldBreakOutOfItsLineIsNotSent() {
    assertThat(probe("/a b")).isFalse();
    assertThat(probe("/a\r\nX: y")).isFalse();
    assertThat(probe("/", new Pod.Header("X", "a\r\nY: b"))).isFalse();
    assertThat(asked).isEmpty();
  }
}
