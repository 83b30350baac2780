package dev.ebb.localcluster;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Whether a Docker engine answers. A client without an engine is no engine, and Testcontainers,
 * which could be asked too, takes seconds to say no.
 */
final class DockerEngine {

  private DockerEngine() {}

  /** Whether the engine of {@code DOCKER_HOST}, or else of one of the usual sockets, answers. */
  static boolean answers(Environment environment) {
    return places(environment).anyMatch(DockerEngine::answers);
  }

  private static Stream<SocketAddress> places(Environment environment) {
    String host = environment.variables().getOrDefault("DOCKER_HOST", "");
    if (!host.isBlank()) {
      return place(host).stream();
    }
    String home = environment.variables().getOrDefault("HOME", "/");
    String run = environment.variables().getOrDefault("XDG_RUNTIME_DIR", "/run");
    return Stream.of(
            Path.of("/var/run/docker.sock"),
            Path.of(run, "docker.sock"),
            Path.of(home, ".docker/run/docker.sock"),
            Path.of(home, ".docker/desktop/docker.sock"))
        .filter(Files::exists)
        .map(UnixDomainSocketAddress::of);
  }

  /** The address that a {@code DOCKER_HOST} names; none where it is not one that we can ask. */
  static Optional<SocketAddress> place(String host) {
    URI uri = URI.create(host);
    if ("unix".equals(uri.getScheme())) {
      return Optional.of(UnixDomainSocketAddress.of(uri.getPath()));
    }
    return "tcp".equals(uri.getScheme()) && uri.getPort() > 0
        ? Optional.of(new InetSocketAddress(uri.getHost(), uri.getPort()))
        : Optional.empty();
  }

  /** Whether an engine answers a ping there, within two seconds. */
  static boolean answers(SocketAddress place) {
    try {
      return CompletableFuture.supplyAsync(
              () -> ping(place), task -> Thread.ofVirtual().start(task))
          .completeOnTimeout(false, 2, TimeUnit.SECONDS)
          .join();
    } catch (CompletionException nobody) {
      return false;
    }
  }

  private static boolean ping(SocketAddress place) {
    try (SocketChannel channel = SocketChannel.open(place)) {
      String request = "GET /_ping HTTP/1.0\r\nHost: docker\r\n\r\n";
      channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
      ByteBuffer answer = ByteBuffer.allocate(64);
      while (answer.position() < 12 && channel.read(answer) >= 0) {
        // on to the status
      }
      String status = new String(answer.array(), 0, answer.position(), StandardCharsets.US_ASCII);
      return status.matches("(?s)HTTP/1\\.[01] 200.*");
    } catch (IOException nobody) {
      return false;
    }
  }
}
