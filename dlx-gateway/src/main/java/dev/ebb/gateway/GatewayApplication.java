package dev.ebb.gateway;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts a gateway replica. */
@SpringBootApplication
public class GatewayApplication {

  /** Runs until SIGTERM. */
  public static void main(String[] args) {
    SpringApplication.run(GatewayApplication.class, args);
  }
}
