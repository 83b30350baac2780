package dev.ebb.selector;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The selector-operator. */
@SpringBootApplication
public class SelectorOperatorApplication {

  /** Starts the service. */
  public static void main(String[] args) {
    SpringApplication.run(SelectorOperatorApplication.class, args);
  }
}
