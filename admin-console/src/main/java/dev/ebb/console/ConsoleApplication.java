package dev.ebb.console;

import de.codecentric.boot.admin.server.config.EnableAdminServer;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts the console. */
@SpringBootApplication
@EnableAdminServer
public class ConsoleApplication {

  /** Runs until SIGTERM. */
  public static void main(String[] args) {
    SpringApplication.run(ConsoleApplication.class, args);
  }
}
