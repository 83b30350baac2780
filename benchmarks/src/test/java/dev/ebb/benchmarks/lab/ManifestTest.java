package dev.ebb.benchmarks.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ManifestTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "schedule/hpa.json",
        "schedule/schedule.json",
        "selector/set.json",
        "selector/pod.json",
        "selector/service.json",
        "selector/pool.json",
        "cleanup/set.json",
        "cleanup/claim.json"
      })
  void everyNameStandsForAValue(String resource) {
    JsonNode object =
        Manifest.of(resource)
            .with(
                "@NAME@",
                "n",
                "@SET@",
                "n",
                "@ORDINAL@",
                "3",
                "@UID@",
                "u",
                "@REPLICAS@",
                "4",
                "@PARALLEL@",
                "5",
                "@FROM@",
                "2026-01-01T00:00:00Z",
                "@TO@",
                "2026-01-02T00:00:00Z");

    assertThat(object.toString()).doesNotContain("@");
    assertThat(object.at("/metadata/name").asString("")).contains("n");
  }
}
