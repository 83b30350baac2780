package dev.ebb.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A lost lease or a cache that cannot be filled ends the process, and the process says why. */
class ProcessExitTest {

  /** A process that ends itself, although another thread would keep it alive. */
  static final class Ends {
    private Ends() {}

    public static void main(String[] args) throws InterruptedException {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("in order")));
      ProcessExit exit = new ProcessExit();
      exit.end("lease ns/ebb is lost");
      exit.end("too late to tell");
      Thread.sleep(60_000);
    }
  }

  @Test
  void endsTheProcessInOrderAndSaysWhyOnce() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Ends.class.getName())
            .redirectErrorStream(true)
            .start();
    try {
      String out = new String(process.getInputStream().readAllBytes());
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();

      assertThat(process.exitValue()).isEqualTo(1);
      assertThat(out)
          .contains("ending the process: lease ns/ebb is lost")
          .contains("in order")
          .doesNotContain("too late to tell");
    } finally {
      process.destroyForcibly();
    }
  }
}
