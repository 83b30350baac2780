package dev.ebb.nodescaler.api;

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
class NodeBufferTest {

  private static final JsonMapper JSON = RuntimeAutoConfiguration.kubernetesJson();
  private static final Path FILE =
      Path.of("../charts/ebb/charts/crds/files/nodebuffers.ebb.dev.yaml");

  private static JsonNode schema() throws IOException {
    JsonNode definition =
        JSON.valueToTree(
            new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(FILE)));
    return definition.path("spec").path("versions").path(0).path("schema").path("openAPIV3Schema");
  }

  private static NodeBuffer full() {
    Condition condition = new Condition("a", "b", "c", "d", 1L, Instant.EPOCH);
    return new NodeBuffer(
        Meta.named("ns", "arena"),
        new NodeBuffer.Spec(
            new NodeBuffer.Pool(
                "digitalocean",
                new java.util.HashMap<>(Map.of("pool", "p")),
                "a=b",
                1,
                2,
                new java.util.HashMap<>(Map.of("cpu", "4"))),
            new NodeBuffer.Servers(
                "a=b", "c=d", List.of(new NodeBuffer.Toleration("k", "Equal", "v", "NoSchedule"))),
            new NodeBuffer.Slot(new java.util.HashMap<>(Map.of("cpu", "1")), "t"),
            new NodeBuffer.Free(
                1, 2, List.of(new NodeBuffer.Reservation("cup", 3, "2026-01-01T00:00:00Z", "2h"))),
            new NodeBuffer.ScaleDown(
                NodeBuffer.Policy.Never, "1s", "1s", 1, 2, 3, NodeBuffer.OtherPods.Drain),
            new NodeBuffer.Timing("1s", "2s", "3s", "4s", "5s", "6s", "7s"),
            Mode.Observe,
            List.of()),
        new NodeBuffer.Status(
            1,
            2,
            3,
            4,
            5,
            6,
            7,
            8,
            9,
            10,
            new NodeBuffer.Remembered(Instant.EPOCH, 1, Instant.EPOCH, 2, Instant.EPOCH, 3),
            List.of(new NodeBuffer.Staying("n", "Active", "Needed", "x")),
            List.of(condition)));
  }

  @Test
  void theRecordsHaveTheFieldsOfTheDefinition() throws IOException {
    JsonNode written = JSON.valueToTree(full());

    for (String part : List.of("spec", "status")) {
      JsonNode schema = schema().path("properties").path(part);
      assertThat(fields("", written.path(part), schema)).isEqualTo(properties("", schema));
    }
    assertThat(JSON.treeToValue(written, NodeBuffer.class)).isEqualTo(full());
  }

  @Test
  void whatMakesNoSenseIsNamedAndTheRestIsRead() {
    NodeBuffer read =
        JSON.readValue(
            """
            {"metadata": {"name": "x", "namespace": "y"},
             "spec": {"mode": "Now", "pool": {"minNodes": "few", "maxNodes": 3, "settings": {"a": 1}},
               "slot": {"resources": {"cpu": 2}},
               "scaleDown": {"policy": "Later", "unneededFor": "1m"}},
             "status": {"free": "none", "memory": {"failures": 2}}}
            """,
            NodeBuffer.class);

    assertThat(read.spec().pool().maxNodes()).isEqualTo(3);
    assertThat(read.spec().slot().resources()).containsEntry("cpu", "2");
    assertThat(read.spec().scaleDown().unneededFor()).isEqualTo("1m");
    assertThat(read.spec().unreadable())
        .containsExactlyInAnyOrder("spec.mode", "spec.pool.minNodes", "spec.scaleDown.policy");
    assertThat(read.status().free()).isNull();
    assertThat(read.status().memory().failures()).isEqualTo(2);
  }

  private static TreeSet<String> fields(String path, JsonNode value, JsonNode schema) {
    TreeSet<String> found = new TreeSet<>();
    JsonNode object = schema.has("items") ? schema.path("items") : schema;
    if (object.has("additionalProperties")) {
      return found;
    }
    JsonNode one = value.isArray() ? value.path(0) : value;
    for (Map.Entry<String, JsonNode> entry : one.properties()) {
      String name = path + "." + entry.getKey();
      found.add(name);
      found.addAll(fields(name, entry.getValue(), object.path("properties").path(entry.getKey())));
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
