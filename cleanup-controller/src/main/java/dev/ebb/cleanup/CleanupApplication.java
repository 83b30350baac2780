package dev.ebb.cleanup;

import dev.ebb.cleanup.config.Flags;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The cleanup-controller. */
@SpringBootApplication
public class CleanupApplication {

  /** Starts the service; the predecessor's flags mean what they meant. */
  public static void main(String[] args) {
    SpringApplication.run(CleanupApplication.class, Flags.of(args, System.getenv()));
  }
}
