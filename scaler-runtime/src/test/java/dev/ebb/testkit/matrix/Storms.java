package dev.ebb.testkit.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.testkit.proxy.ApiRequest;
import dev.ebb.testkit.proxy.Exchange;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/** How often a service may ask. */
final class Storms {

  /** How many requests a second each controller may send, whatever happens. */
  static final int HOT = 20;

  /** Over which time that is counted: a start asks for all lists at once. */
  private static final Duration WINDOW = Duration.ofSeconds(5);

  private Storms() {}

  /** Holds that no client sent more within any five seconds than its controllers may. */
  static void none(List<Exchange> exchanges, int controllers) {
    int most = Math.toIntExact(HOT * WINDOW.toSeconds() * controllers);
    exchanges.stream()
        .map(Exchange::request)
        .collect(Collectors.groupingBy(ApiRequest::client))
        .forEach((client, requests) -> none(client, requests, most));
  }

  private static void none(String client, List<ApiRequest> requests, int most) {
    List<Instant> times = requests.stream().map(ApiRequest::at).sorted().toList();
    for (int i = most; i < times.size(); i++) {
      assertThat(Duration.between(times.get(i - most), times.get(i)))
          .as("time in which %s sent %d requests, until %s", client, most + 1, times.get(i))
          .isGreaterThan(WINDOW);
    }
  }
}
