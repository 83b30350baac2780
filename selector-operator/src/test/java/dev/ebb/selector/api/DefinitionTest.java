package dev.ebb.selector.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.runtime.config.RuntimeAutoConfiguration;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.model.Condition;
import dev.ebb.runtime.model.ScaledResource.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The definition and the records say the same, and the records read whatever was let in once. */
class DefinitionTest {

  private static final JsonMapper JSON = RuntimeAutoConfiguration.kubernetesJson();
  private static final Path FILE =
      Path.of("../charts/ebb/charts/selector-operator/files/servicepools.ebb.dev.yaml");

  private static JsonNode schema() throws IOException {
    JsonNode definition =
        JSON.valueToTree(
            new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(FILE)));
    return definition.path("spec").path("versions").path(0).path("schema").path("openAPIV3Schema");
  }

  @Test
  void theRecordsHaveTheFieldsOfTheDefinition() throws IOException {
    Condition condition = new Condition("a", "b", "c", "d", 1L, Instant.EPOCH);
    ServicePool full =
        new ServicePool(
            Meta.named("ns", "builds"),
            new ServicePool.Spec(
                new ServicePool.Pods("s", "a=b"),
                new ServicePool.Services(
                    "svc-",
                    "a=b",
                    8,
                    List.of(new ServicePool.ServicePort("n", 1, 2, "TCP")),
                    ServicePool.Via.Slice),
                Strategy.Sticky,
                125,
                1,
                "1s",
                "1s",
                "1s",
                1,
                ServicePool.WhenNoPod.Hold,
                Mode.Enforce,
                List.of()),
            new ServicePool.Status(1, 2, 3, 4, 5, 6L, 7, List.of(condition)));

    JsonNode written = JSON.valueToTree(full);

    assertThat(fields("", written.path("spec")))
        .isEqualTo(properties("", schema().path("properties").path("spec")));
    assertThat(fields("", written.path("status")))
        .isEqualTo(properties("", schema().path("properties").path("status")));
    assertThat(JSON.treeToValue(written, ServicePool.class)).isEqualTo(full);
  }

  @Test
  void whatMakesNoSenseIsNamedAndTheRestIsRead() {
    ServicePool read =
        JSON.readValue(
            """
            {"metadata": {"name": "x", "namespace": "y"},
             "spec": {"strategy": "Best", "minReadySeconds": "many", "homeWindow": "1m",
               "services": {"via": "Route"}, "mode": "Enforce"},
             "status": {"moves": "none"}}
            """,
            ServicePool.class);

    assertThat(read.spec().homeWindow()).isEqualTo("1m");
    assertThat(read.spec().unreadable())
        .contains("spec.strategy", "spec.minReadySeconds", "spec.services.via");
    assertThat(read.status().moves()).isNull();
  }

  private static TreeSet<String> fields(String path, JsonNode value) {
    TreeSet<String> found = new TreeSet<>();
    for (Map.Entry<String, JsonNode> entry : value.properties()) {
      String name = path + "." + entry.getKey();
      found.add(name);
      JsonNode inner = entry.getValue().isArray() ? entry.getValue().path(0) : entry.getValue();
      found.addAll(fields(name, inner));
    }
    return found;
  }

  private static TreeSet<String> properties(String path, JsonNode schema) {
    TreeSet<String> found = new TreeSet<>();
    JsonNode object = schema.has("items") ? schema.path("items") : schema;
    for (Map.Entry<String, JsonNode> entry : object.path("properties").properties()) {
      String name = path + "." + entry.getKey();
      found.add(name);
      found.addAll(properties(name, entry.getValue()));
    }
    return found;
  }
}
