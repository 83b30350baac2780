package dev.ebb.timescaler;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The time-scaler. */
@SpringBootApplication
public class TimeScalerApplication {

  /** Starts the service. */
  public static void main(String[] args) {
    SpringApplication.run(TimeScalerApplication.class, args);
  }
}
