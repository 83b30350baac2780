package dev.ebb.timescaler.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.runtime.config.RuntimeAutoConfiguration;
import dev.ebb.runtime.model.Condition;
import dev.ebb.timescaler.api.ServiceScaler.HpaValues;
import dev.ebb.timescaler.api.ServiceScaler.TimeRange;
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

/** The definition takes what service-scaler's took, and the records read what it lets in. */
class DefinitionTest {

  private static final JsonMapper JSON = RuntimeAutoConfiguration.kubernetesJson();
  private static final List<String> CONSTRAINTS =
      List.of(
          "enum",
          "pattern",
          "format",
          "minimum",
          "maximum",
          "minLength",
          "maxLength",
          "minItems",
          "maxItems",
          "x-kubernetes-validations",
          "default",
          "nullable",
          "uniqueItems");

  private static JsonNode definition(String file) throws IOException {
    Object yaml =
        new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(Path.of(file)));
    return JSON.valueToTree(yaml);
  }

  private static JsonNode ours() throws IOException {
    return definition("../charts/ebb/charts/time-scaler/files/servicescalers.scaler.udaan.io.yaml");
  }

  private static JsonNode schema(JsonNode definition) {
    return definition.path("spec").path("versions").path(0).path("schema").path("openAPIV3Schema");
  }

  @Test
  void isNoStricterThanServiceScalers() throws IOException {
    JsonNode theirs = definition("src/test/resources/service-scaler.yaml");

    for (String field : List.of("group", "scope")) {
      assertThat(ours().path("spec").path(field)).isEqualTo(theirs.path("spec").path(field));
    }
    for (String field : List.of("kind", "plural", "singular", "shortNames")) {
      assertThat(ours().path("spec").path("names").path(field))
          .isEqualTo(theirs.path("spec").path("names").path(field));
    }
    compare("", schema(theirs), schema(ours()));
  }

  private static void compare(String path, JsonNode theirs, JsonNode ours) {
    assertThat(ours.path("type")).as(path).isEqualTo(theirs.path("type"));
    assertThat(ours.path("required")).as(path).isEqualTo(theirs.path("required"));
    assertThat(ours.propertyNames()).as(path).doesNotContainAnyElementsOf(CONSTRAINTS);
    theirs
        .path("properties")
        .propertyStream()
        .forEach(entry ->
            compare(
                path + "." + entry.getKey(),
                entry.getValue(),
                ours.path("properties").path(entry.getKey())));
    if (theirs.has("items")) {
      compare(path + "[]", theirs.path("items"), ours.path("items"));
    }
  }

  @Test
  void theRecordsHaveTheFieldsOfTheDefinition() throws IOException {
    HpaValues values = new HpaValues(1L, 2L, 3L, 4L);
    Condition condition = new Condition("a", "b", "c", "d", 1L, Instant.EPOCH);
    ServiceScaler full =
        new ServiceScaler(
            dev.ebb.runtime.kube.Meta.named("ns", "shop"),
            new ServiceScaler.Spec(
                values,
                List.of(new TimeRange("k", "f", "t", new ServiceScaler.ReplicaSpec(values))),
                List.of()),
            new ServiceScaler.Status(
                true,
                1L,
                values,
                "u",
                "l",
                "w",
                new ServiceScaler.Next("a", "t"),
                List.of(condition)));

    JsonNode written = JSON.valueToTree(full);

    assertThat(fields("", written.path("spec")))
        .isEqualTo(properties("", schema(ours()).path("properties").path("spec")));
    assertThat(fields("", written.path("status")))
        .isEqualTo(properties("", schema(ours()).path("properties").path("status")));
    assertThat(JSON.treeToValue(written, ServiceScaler.class)).isEqualTo(full);
  }

  static TreeSet<String> fields(String path, JsonNode value) {
    TreeSet<String> found = new TreeSet<>();
    for (Map.Entry<String, JsonNode> entry : value.properties()) {
      String name = path + "." + entry.getKey();
      found.add(name);
      JsonNode inner = entry.getValue().isArray() ? entry.getValue().path(0) : entry.getValue();
      found.addAll(fields(name, inner));
    }
    return found;
  }

  static TreeSet<String> properties(String path, JsonNode schema) {
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
