package dev.ebb.cleanup.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.cleanup.World;
import dev.ebb.cleanup.api.ScaleDownCleanup.ClaimRef;
import dev.ebb.cleanup.api.ScaleDownCleanup.State;
import dev.ebb.cleanup.api.ScaleDownCleanup.Status;
import dev.ebb.runtime.model.Condition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;

/** The records and the definition say the same. */
class DefinitionTest {

  private static JsonNode schema() throws IOException {
    return schema("scaledowncleanups");
  }

  private static JsonNode schema(String kind) throws IOException {
    Object yaml =
        new Yaml(new SafeConstructor(new LoaderOptions()))
            .load(
                Files.readString(
                    Path.of("../charts/ebb/charts/crds/files/" + kind + ".ebb.dev.yaml")));
    return World.JSON
        .<JsonNode>valueToTree(yaml)
        .path("spec")
        .path("versions")
        .path(0)
        .path("schema")
        .path("openAPIV3Schema")
        .path("properties");
  }

  private static Status full() {
    return new Status(
        State.Held,
        "r",
        "m",
        1,
        "uid",
        Instant.EPOCH,
        Instant.EPOCH,
        Instant.EPOCH,
        "t",
        List.of(new ClaimRef("n", "u", "1Mi")),
        List.of(new Condition("Ready", "True", "r", "m", 1L, Instant.EPOCH)));
  }

  private static void compare(JsonNode value, JsonNode schema) {
    assertThat(value.propertyNames())
        .containsExactlyInAnyOrderElementsOf(schema.path("properties").propertyNames());
    value
        .propertyStream()
        .filter(e -> e.getValue().isArray())
        .forEach(e ->
            compare(
                e.getValue().path(0), schema.path("properties").path(e.getKey()).path("items")));
  }

  @Test
  void theStatusHasTheFieldsOfTheDefinition() throws IOException {
    compare(World.JSON.valueToTree(full()), schema().path("status"));
  }

  @Test
  void thePolicyHasTheFieldsOfTheDefinition() throws IOException {
    JsonNode schema = schema("scaledownpolicies");
    assertThat(names(ScaleDownPolicy.Spec.class))
        .containsExactlyInAnyOrderElementsOf(
            schema.path("spec").path("properties").propertyNames());
    assertThat(names(ScaleDownPolicy.Retry.class))
        .containsExactlyInAnyOrderElementsOf(
            schema
                .path("spec")
                .path("properties")
                .path("retry")
                .path("properties")
                .propertyNames());
    assertThat(names(ScaleDownPolicy.Status.class))
        .containsExactlyInAnyOrderElementsOf(
            schema.path("status").path("properties").propertyNames());
    said(schema);
  }

  private static List<String> names(Class<?> type) {
    return Arrays.stream(type.getRecordComponents())
        .map(java.lang.reflect.RecordComponent::getName)
        .filter(name -> !name.equals("unreadable"))
        .toList();
  }

  /** What stands in the definition's lists of words is what is understood. */
  @Test
  void thePolicysWordsAreThoseOfTheDefinition() throws IOException {
    JsonNode spec = schema("scaledownpolicies").path("spec").path("properties");
    Map<String, Class<? extends Enum<?>>> words =
        Map.of(
            "mode", dev.ebb.runtime.model.ScaledResource.Mode.class,
            "onFailure", ScaleDownPolicy.OnFailure.class,
            "claims", ScaleDownPolicy.Claims.class,
            "existing", ScaleDownPolicy.Existing.class,
            "onDelete", ScaleDownPolicy.OnDelete.class,
            "onReturn", ScaleDownPolicy.OnReturn.class,
            "requireReady", ScaleDownPolicy.RequireReady.class,
            "firstOrdinal", ScaleDownPolicy.FirstOrdinal.class);
    words.forEach((field, type) ->
        assertThat(spec.path(field).path("enum").valueStream().map(w -> w.asString("")))
            .as(field)
            .containsExactlyInAnyOrderElementsOf(
                Arrays.stream(type.getEnumConstants()).map(Enum::name).toList()));
    assertThat(
            spec.path("inherit").path("items").path("enum").valueStream().map(w -> w.asString("")))
        .containsExactlyInAnyOrderElementsOf(dev.ebb.cleanup.plan.Policy.INHERITABLE);
  }

  /** A comma in a description that is not quoted begins another field. */
  @Test
  void everyFieldOfTheDefinitionSaysSomething() throws IOException {
    said(schema());
  }

  private static void said(JsonNode node) {
    node.propertyStream().forEach(e -> assertThat(e.getValue().isNull()).as(e.getKey()).isFalse());
    node.values().forEach(DefinitionTest::said);
  }

  @Test
  void theSpecHasTheFieldsOfTheDefinition() throws IOException {
    compare(World.JSON.valueToTree(new ScaleDownCleanup.Spec("s", "u", 1)), schema().path("spec"));
  }

  @Test
  void theStatesAreThoseOfTheDefinition() throws IOException {
    assertThat(
            schema()
                .path("status")
                .path("properties")
                .path("state")
                .path("enum")
                .valueStream()
                .map(s -> s.asString("")))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(State.values()).map(State::name).toList());
  }

  @Test
  void readsAStatusWhateverSomebodyLeftInIt() {
    ScaleDownCleanup record =
        World.JSON.treeToValue(
            World.object(
                "{'metadata': {'name': 'web-1'}, 'spec': {'statefulSet': 'web', 'ordinal': 1},"
                    + " 'status': {'state': 'Flying', 'attempts': 'many', 'claims': [null, 7],"
                    + " 'startedAt': 'never'}}"),
            ScaleDownCleanup.class);

    assertThat(record.status().state()).isNull();
    assertThat(record.status().attempts()).isZero();
    assertThat(record.status().claims()).isEmpty();
  }
}
