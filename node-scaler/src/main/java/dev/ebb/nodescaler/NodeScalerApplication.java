package dev.ebb.nodescaler;

import dev.ebb.nodescaler.config.Kubescaler;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The node-scaler. */
@SpringBootApplication
public class NodeScalerApplication {

  /** Starts the service; kubescaler's flags, variables and file mean what they meant. */
  public static void main(String[] args) {
    Kubescaler.application(NodeScalerApplication.class).run(Kubescaler.arguments(args));
  }
}
