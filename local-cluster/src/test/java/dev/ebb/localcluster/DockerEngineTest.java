package dev.ebb.localcluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DockerEngineTest {

  @Test
  void anEngineIsWhatAnswersAPing() throws IOException {
    assertThat(withServer(200)).isTrue();
  }

  @Test
  void whatAnswersSomethingElseIsNone() throws IOException {
    assertThat(withServer(500)).isFalse();
  }

  @Test
  void aSocketThatNobodyServesIsNone(@TempDir Path folder) {
    String host = "unix://" + folder.resolve("docker.sock");

    assertThat(DockerEngine.answers(new Environment(Map.of("DOCKER_HOST", host)))).isFalse();
  }

  @Test
  void readsDockersOwnVariable() {
    assertThat(DockerEngine.place("unix:///run/x.sock"))
        .contains(UnixDomainSocketAddress.of("/run/x.sock"));
    assertThat(DockerEngine.place("ssh://somewhere")).isEmpty();
  }

  private static boolean withServer(int status) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/_ping",
        exchange -> {
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
    try {
      String host = "tcp://127.0.0.1:" + server.getAddress().getPort();
      return DockerEngine.answers(new Environment(Map.of("DOCKER_HOST", host)));
    } finally {
      server.stop(0);
    }
  }
}
