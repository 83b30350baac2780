package dev.ebb.benchmarks.cleanup;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RequestsTest {

  private static final String LINE =
      "apiserver_request_total{code=\"%s\",component=\"apiserver\",dry_run=\"\",group=\"\","
          + "resource=\"%s\",scope=\"resource\",subresource=\"\",verb=\"%s\",version=\"v1\"} %s\n";

  @Test
  void countsWhatWasReadInBetween() {
    Requests before = Requests.of(LINE.formatted(200, "pods", "GET", "7"));
    Requests after =
        Requests.of(
            "# TYPE apiserver_request_total counter\n"
                + LINE.formatted(200, "pods", "GET", "1.2e+01")
                + LINE.formatted(404, "pods", "GET", "3")
                + LINE.formatted(200, "statefulsets", "LIST", "2")
                + LINE.formatted(200, "pods", "WATCH", "5")
                + LINE.formatted(200, "leases", "GET", "9")
                + LINE.formatted(201, "pods", "POST", "4"));

    assertThat(after.since(before))
        .containsOnly(
            org.assertj.core.api.Assertions.entry("GET pods", 8.0),
            org.assertj.core.api.Assertions.entry("LIST statefulsets", 2.0));
    assertThat(after.since(after)).isEmpty();
  }
}
