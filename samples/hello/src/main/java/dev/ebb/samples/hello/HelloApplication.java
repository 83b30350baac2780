package dev.ebb.samples.hello;

import dev.ebb.samples.members.Member;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;

/**
 * Starts the sample; ends on SIGTERM when the requests in flight are answered. With words it is
 * something else: see {@link Member}.
 */
public final class HelloApplication {

  private HelloApplication() {}

  public static void main(String[] args) throws Exception {
    Settings settings = Settings.from(System.getenv());
    if (Boolean.getBoolean("ebb.training")) {
      train(settings);
      return;
    }
    if (args.length > 0) {
      Member.run(args);
      return;
    }
    Thread.sleep(settings.startDelay());
    var server = new HelloServer(settings, Clock.systemUTC());
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "stop"));
    System.out.println(settings.pod() + " listens on port " + server.port());
  }

  private static void stop(HelloServer server) {
    try {
      server.close();
    } catch (IOException e) {
      System.err.println("stop: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What the image's AOT cache learns from: start, a request, stop. */
  private static void train(Settings settings) throws IOException, InterruptedException {
    var anyPort =
        new Settings(
            0,
            settings.pod(),
            settings.node(),
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            settings.drain());
    try (var server = new HelloServer(anyPort, Clock.systemUTC());
        var client = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      for (String target : new String[] {"/ready", "/", "/stream?bytes=1"}) {
        client
            .getOutputStream()
            .write(
                ("GET " + target + " HTTP/1.1\r\nHost: hello\r\n\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1));
        if (client.getInputStream().read(new byte[16 * 1024]) < 0) {
          throw new IOException("no answer to " + target);
        }
      }
    }
  }
}
