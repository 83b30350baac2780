package dev.ebb.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;

/**
 * {@code ./ebb soak requests}: callers come and go, workloads fall asleep and wake, nothing is
 * broken meanwhile; so every request is answered with 200, within its deadline.
 */
final class RequestsSoak {

  private static final int CALLERS = 8;
  private static final int LONGEST_BURST = 4_000;

  private RequestsSoak() {}

  /** Plays rounds; see {@link SoakTown#play}. */
  public static void main(String[] words) throws InterruptedException {
    System.exit(SoakTown.play(words, RequestsSoak::round));
  }

  private static void round(SoakTown town, long seed) throws IOException, InterruptedException {
    Outcomes outcomes = town.roam(seed, CALLERS, LONGEST_BURST, true, callers -> {});
    assertThat(outcomes.unlike("200")).as("what was not answered with 200 in time").isEmpty();
    assertThat(outcomes.requests()).as("requests").isPositive();
    town.awaitAllAsleep();
  }
}
