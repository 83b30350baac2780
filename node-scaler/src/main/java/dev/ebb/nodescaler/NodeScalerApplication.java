package dev.ebb.nodescaler;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The node-scaler. */
@SpringBootApplication
public class NodeScalerApplication {

  /** Starts the service. */
  public static void main(String[] args) {
    SpringApplication.run(NodeScalerApplication.class, args);
  }
}
