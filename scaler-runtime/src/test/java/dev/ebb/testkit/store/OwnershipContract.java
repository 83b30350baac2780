package dev.ebb.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The scale subresource, server-side apply, and who owns what. */
abstract class OwnershipContract extends ApiContract {

  OwnershipContract(Subject subject) {
    super(subject);
  }

  private String deployment(String name) {
    return deployments() + "/" + own(name);
  }

  private String scale(String name) {
    return deployment(name) + "/scale";
  }

  private RawApi.Answer applyScale(String name, String manager, boolean force, int replicas) {
    return api.apply(
        scale(name),
        manager,
        force,
        "{apiVersion: autoscaling/v1, kind: Scale, metadata: {name: %s}, spec: {replicas: %d}}"
            .formatted(own(name), replicas));
  }

  private JsonNode read(String name) {
    return api.get(deployment(name)).body();
  }

  @Test
  void scaleIsAView() {
    createDeployment("d", 2);
    RawApi.Answer scale = api.get(scale("d"));

    assertThat(scale.text("/kind")).isEqualTo("Scale");
    assertThat(scale.text("/apiVersion")).isEqualTo("autoscaling/v1");
    assertThat(scale.text("/spec/replicas")).isEqualTo("2");
    assertThat(scale.text("/status/selector")).isEqualTo("app=" + own("d"));
    assertThat(scale.uid()).isEqualTo(read("d").at("/metadata/uid").asString(""));
  }

  @Test
  void scaleWritesTheCount() {
    createDeployment("d", 2);
    RawApi.Answer written =
        api.patch(scale("d"), RawApi.MERGE, "spec: {replicas: 5}", "fieldManager=scaler");

    assertThat(written.text("/spec/replicas")).isEqualTo("5");
    assertThat(read("d").at("/spec/replicas").asInt()).isEqualTo(5);
    assertThat(read("d").at("/metadata/generation").asInt()).isEqualTo(2);
    assertThat(api.merge(scale("d"), "spec: {replicas: -1}").refusal()).isEqualTo("422 Invalid");
    assertThat(
            api.merge(scale("d"), "{metadata: {resourceVersion: '1'}, spec: {replicas: 1}}")
                .refusal())
        .isEqualTo("409 Conflict");
    RawApi.Answer zero = api.merge(scale("d"), "spec: {replicas: 0}");
    assertThat(zero.body().path("spec").has("replicas")).isFalse();
    assertThat(read("d").at("/spec/replicas").asInt(-1)).isZero();
  }

  @Test
  void whoWritesTheCountOwnsIt() {
    createDeployment("d", 2);
    assertThat(owners(read("d"), "spec", "replicas")).containsExactly("maker Update");
    api.patch(scale("d"), RawApi.MERGE, "spec: {replicas: 5}", "fieldManager=scaler");
    assertThat(owners(read("d"), "spec", "replicas")).containsExactly("scaler Update scale");
    api.patch(deployment("d"), RawApi.MERGE, "spec: {replicas: 1}", "fieldManager=editor");
    assertThat(owners(read("d"), "spec", "replicas")).containsExactly("editor Update");
  }

  @Test
  void aZeroThroughScaleIsNobodys() {
    createDeployment("d", 2);
    api.patch(scale("d"), RawApi.MERGE, "spec: {replicas: 0}", "fieldManager=scaler");
    assertThat(owners(read("d"), "spec", "replicas")).isEmpty();
    api.patch(scale("d"), RawApi.MERGE, "spec: {replicas: 3}", "fieldManager=scaler");
    assertThat(owners(read("d"), "spec", "replicas")).isEmpty();
    applyScale("d", "applier", true, 4);
    assertThat(owners(read("d"), "spec", "replicas")).containsExactly("applier Apply scale");
  }

  @Test
  void anAppliedZeroIsOwned() {
    createDeployment("d", 2);
    assertThat(applyScale("d", "applier", false, 0).refusal()).isEqualTo("409 Conflict");
    assertThat(applyScale("d", "applier", true, 0).code()).isEqualTo(200);
    assertThat(owners(read("d"), "spec", "replicas")).containsExactly("applier Apply scale");
    assertThat(read("d").at("/spec/replicas").asInt(-1)).isZero();
    api.patch(deployment("d"), RawApi.MERGE, "metadata: {labels: {a: b}}", "fieldManager=editor");
    assertThat(owners(read("d"), "spec", "replicas")).containsExactly("applier Apply scale");
    api.patch(scale("d"), RawApi.MERGE, "spec: {replicas: 2}", "fieldManager=scaler");
    assertThat(owners(read("d"), "spec", "replicas")).containsExactly("scaler Update scale");
  }

  @Test
  void whoAppliesTheSameCountOwnsItToo() {
    createDeployment("d", 2);
    assertThat(applyScale("d", "applier", false, 2).code()).isEqualTo(200);
    // Whether its maker still does depends, on the real one, on who comes between.
    assertThat(owners(read("d"), "spec", "replicas")).contains("applier Apply scale");
  }

  @Test
  void anAppliedCountStandsOnWhatWasRead() {
    RawApi.Answer made = createDeployment("d", 2);
    api.merge(scale("d"), "spec: {replicas: 3}");
    String body =
        "{apiVersion: autoscaling/v1, kind: Scale, metadata: {name: %s, resourceVersion: '%s'},"
            + " spec: {replicas: 0}}";
    assertThat(
            api.apply(scale("d"), "applier", true, body.formatted(own("d"), made.version()))
                .refusal())
        .isEqualTo("409 Conflict");
    assertThat(read("d").at("/spec/replicas").asInt()).isEqualTo(3);
  }

  // Apply.

  private RawApi.Answer apply(String manager, boolean force, String rest) {
    return api.apply(
        configMap("a"),
        manager,
        force,
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s}\n%s".formatted(own("a"), rest));
  }

  @Test
  void applyCreatesAndThenChangesItsOwn() {
    RawApi.Answer made = apply("one", false, "data: {a: '1', b: '1'}");
    assertThat(made.code()).isEqualTo(201);
    assertThat(owners(made.body(), "data", "a")).containsExactly("one Apply");
    api.patch(configMap("a"), RawApi.MERGE, "data: {c: '1'}", "fieldManager=editor");

    RawApi.Answer again = apply("one", false, "data: {a: '2'}");

    assertThat(again.code()).isEqualTo(200);
    assertThat(again.body().path("data").toString()).isEqualTo("{\"a\":\"2\",\"c\":\"1\"}");
    assertThat(owners(again.body(), "data", "c")).containsExactly("editor Update");
    assertThat(apply("one", false, "data: {a: '2'}").version()).isEqualTo(again.version());
  }

  @Test
  void applyRefusesWhatIsAnothersUnlessForced() {
    apply("one", false, "data: {a: '1', b: '1'}");
    RawApi.Answer refused = apply("two", false, "data: {a: '2'}");
    assertThat(refused.refusal()).isEqualTo("409 Conflict");
    assertThat(refused.text("/details/causes/0/reason")).isEqualTo("FieldManagerConflict");

    RawApi.Answer forced = apply("two", true, "data: {a: '2'}");

    assertThat(forced.text("/data/a")).isEqualTo("2");
    assertThat(owners(forced.body(), "data", "a")).containsExactly("two Apply");
    assertThat(owners(forced.body(), "data", "b")).containsExactly("one Apply");
    assertThat(apply("one", false, "data: {b: '1'}").text("/data/a")).isEqualTo("2");
  }

  @Test
  void whatTwoApplyGoesWithTheLast() {
    apply("one", false, "data: {a: '1'}");
    RawApi.Answer shared = apply("two", false, "data: {a: '1'}");
    assertThat(owners(shared.body(), "data", "a")).containsExactly("one Apply", "two Apply");
    assertThat(apply("one", false, "data: {b: '1'}").text("/data/a")).isEqualTo("1");
    assertThat(apply("two", false, "data: {}").body().path("data").has("a")).isFalse();
  }

  @Test
  void applyMayStandOnWhatWasRead() {
    RawApi.Answer made = apply("one", false, "data: {a: '1'}");
    api.merge(configMap("a"), "data: {x: y}");
    String body =
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: %s, resourceVersion: '%s'}}"
            .formatted(own("a"), made.version());
    assertThat(api.apply(configMap("a"), "one", true, body).refusal()).isEqualTo("409 Conflict");
    assertThat(api.patch(configMap("a"), RawApi.APPLY, body, "force=true").refusal())
        .as("nobody is named")
        .isEqualTo("422 Invalid");
  }

  @Test
  void anUpdateTakesWhatItChanges() {
    apply("one", false, "data: {a: '1', b: '1'}");
    JsonNode edited =
        api.patch(
                configMap("a"),
                RawApi.MERGE,
                "{data: {a: '2'}, metadata: {labels: {ebb.dev/x: y}}}",
                "fieldManager=editor")
            .body();
    assertThat(owners(edited, "data", "a")).containsExactly("editor Update");
    assertThat(owners(edited, "data", "b")).containsExactly("one Apply");
    assertThat(owners(edited, "metadata", "labels", "ebb.dev/x")).containsExactly("editor Update");
    JsonNode removed =
        api.patch(configMap("a"), RawApi.MERGE, "data: {b: null}", "fieldManager=editor").body();
    assertThat(owners(removed, "data", "b")).isEmpty();
  }

  @Test
  void theStatusHasItsOwnEntry() {
    createResource("r", "");
    JsonNode told =
        api.patch(
                resources() + "/" + own("r") + "/status",
                RawApi.MERGE,
                "status: {state: Awake}",
                "fieldManager=teller")
            .body();
    assertThat(owners(told, "status", "state")).containsExactly("teller Update status");
  }
}
