package dev.ebb.benchmarks.wake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ebb.benchmarks.lab.AuditEvent;
import dev.ebb.benchmarks.report.Figure;
import dev.ebb.localcluster.ClusterException;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class WakesTest {

  private static final JsonNode ANSWER = json("{'sent':1000000,'firstByte':1700000}");
  private static final JsonNode BODY =
      json(
          "{'pod':'hello-1','startedAt':'1970-01-01T00:00:01.600Z',"
              + "'firstAcceptAt':'1970-01-01T00:00:01.650Z'}");

  private static JsonNode json(String text) {
    return new JsonMapper().readTree(text.replace('\'', '"'));
  }

  private static AuditEvent event(String verb, String resource, String name, long received) {
    return new AuditEvent(verb, resource, "n", name, "gateway-1", 201, received, received + 5_000);
  }

  @Test
  void takesTheFirstWriteOfEachKindAfterTheRequest() {
    Wake wake =
        Wake.of(
            "n",
            ANSWER,
            BODY,
            List.of(
                event("patch", "deployments/scale", "hello", 900_000), // put it to sleep
                event("patch", "deployments/scale", "hello", 1_020_000),
                event("create", "pods", "", 1_040_000),
                event("create", "pods/binding", "other", 1_050_000),
                event("create", "pods/binding", "hello-1", 1_060_000)));

    assertThat(wake)
        .isEqualTo(
            new Wake(
                "gateway-1",
                1_000_000,
                1_020_000,
                1_045_000,
                1_065_000,
                1_600_000,
                1_650_000,
                1_700_000));
  }

  @Test
  void aWakeWithoutItsPatchIsNoMeasurement() {
    List<AuditEvent> events = List.of(event("patch", "deployments/scale", "hello", 900_000));

    assertThatThrownBy(() -> Wake.of("n", ANSWER, BODY, events))
        .isInstanceOf(ClusterException.class)
        .hasMessageContaining("the PATCH");
  }

  @Test
  void theFirstWakeOfEachGatewayHasRowsOfItsOwn() {
    Wakes wakes = new Wakes();
    wakes.add(new Wake("a", 0, 90_000, 0, 0, 0, 0, 0));
    wakes.add(new Wake("a", 0, 10_000, 0, 0, 0, 0, 0));
    wakes.add(new Wake("b", 0, 80_000, 0, 0, 0, 0, 0));
    wakes.add(new Wake("a", 0, 12_000, 0, 0, 0, 0, 0));

    assertThat(wakes.warm()).isEqualTo(2);
    assertThat(value(wakes, "request → patch, longest")).isBetween(12.0, 12.1);
    assertThat(value(wakes, "a gateway's first wake: request → patch, longest"))
        .isBetween(90.0, 90.1);
  }

  private static double value(Wakes wakes, String name) {
    return wakes.figures().stream()
        .filter(figure -> figure.name().equals(name))
        .mapToDouble(Figure::value)
        .findFirst()
        .orElseThrow();
  }
}
