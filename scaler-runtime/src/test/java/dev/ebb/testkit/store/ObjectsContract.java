package dev.ebb.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Create, read, update, patch. */
abstract class ObjectsContract extends ApiContract {

  ObjectsContract(Subject subject) {
    super(subject);
  }

  @Test
  void createAnswersWhatIsStored() {
    RawApi.Answer made = create("a", "x");

    assertThat(made.uid()).hasSize(36);
    assertThat(made.version()).matches("[1-9][0-9]*");
    assertThat(Instant.parse(made.text("/metadata/creationTimestamp"))).isNotNull();
    assertThat(made.text("/metadata/namespace")).isEqualTo(subject.namespace());
    assertThat(api.get(configMap("a")).body()).isEqualTo(made.body());
  }

  @Test
  void aNameIsGivenOnce() {
    create("a", "x");
    assertThat(api.post(configMaps(), manifest("a", "y", "")).refusal())
        .isEqualTo("409 AlreadyExists");
    assertThat(api.get(configMap("a")).text("/data/key")).isEqualTo("x");
  }

  @Test
  void whatIsNotThereIsNotFound() {
    assertThat(api.get(configMap("none")).refusal()).isEqualTo("404 NotFound");
    assertThat(api.merge(configMap("none"), "data: {}").refusal()).isEqualTo("404 NotFound");
    assertThat(api.delete(configMap("none"), "").refusal()).isEqualTo("404 NotFound");
    assertThat(api.get(deployments() + "/" + own("none") + "/scale").refusal())
        .isEqualTo("404 NotFound");
    assertThat(api.get(CORE + "/nothings").code()).isEqualTo(404);
    assertThat(api.get("/apis/nothing.dev/v1").code()).isEqualTo(404);
    assertThat(
            api.post(CORE + "/namespaces/" + own("none") + "/configmaps", manifest("a", "x", ""))
                .refusal())
        .isEqualTo("404 NotFound");
  }

  @Test
  void aNameIsMadeWhereOnlyItsBeginningIsGiven() {
    String body = "{apiVersion: v1, kind: ConfigMap, metadata: {generateName: %s}}";
    RawApi.Answer first = api.post(configMaps(), body.formatted(own("g-")));
    RawApi.Answer second = api.post(configMaps(), body.formatted(own("g-")));

    assertThat(first.text("/metadata/name")).startsWith(own("g-")).hasSizeGreaterThan(12);
    assertThat(second.text("/metadata/name")).isNotEqualTo(first.text("/metadata/name"));
  }

  @Test
  void refusesWhatCannotBe() {
    assertThat(api.post(configMaps(), "{apiVersion: v1, kind: ConfigMap}").refusal())
        .isEqualTo("422 Invalid");
    assertThat(
            api.post(configMaps(), "{apiVersion: v1, kind: ConfigMap, metadata: {name: Not_So}}")
                .refusal())
        .isEqualTo("422 Invalid");
    assertThat(
            api.post(configMaps(), "{apiVersion: v1, kind: Service, metadata: {name: a}}").code())
        .isEqualTo(400);
    create("a", "x");
    assertThat(api.patch(configMap("a"), "text/plain", "data: {}").code()).isEqualTo(415);
    RawApi.Answer negative = createDeployment("negative", -1);
    assertThat(negative.refusal()).isEqualTo("422 Invalid");
  }

  @Test
  void anUpdateStandsOnWhatWasRead() {
    ObjectNode read = (ObjectNode) create("a", "x").body();
    ObjectNode mine = read.deepCopy();
    mine.withObjectProperty("data").put("key", "mine");
    RawApi.Answer written = api.put(configMap("a"), mine);
    ObjectNode late = read.deepCopy();
    late.withObjectProperty("data").put("key", "late");

    assertThat(written.code()).isEqualTo(200);
    assertThat(Long.parseLong(written.version()))
        .isGreaterThan(read.at("/metadata/resourceVersion").asLong());
    assertThat(api.put(configMap("a"), late).refusal()).isEqualTo("409 Conflict");
    assertThat(api.get(configMap("a")).text("/data/key")).isEqualTo("mine");
  }

  @Test
  void anUpdateWithoutAVersionIsForBuiltInKindsOnly() {
    ObjectNode map = (ObjectNode) create("a", "x").body();
    map.withObjectProperty("metadata").remove("resourceVersion");
    map.withObjectProperty("data").put("key", "y");
    ObjectNode resource = (ObjectNode) createResource("r", "").body();
    resource.withObjectProperty("metadata").remove("resourceVersion");

    assertThat(api.put(configMap("a"), map).code()).isEqualTo(200);
    assertThat(api.put(resources() + "/" + own("r"), resource).refusal()).isEqualTo("422 Invalid");
  }

  @Test
  void anUpdateKeepsNameAndIdentity() {
    ObjectNode renamed = (ObjectNode) create("a", "x").body();
    renamed.withObjectProperty("metadata").put("name", own("b"));
    assertThat(api.put(configMap("a"), renamed).code()).isEqualTo(400);
    String other = "metadata: {uid: 11111111-1111-1111-1111-111111111111}";
    assertThat(api.merge(configMap("a"), other).code()).isBetween(409, 422);
  }

  @Test
  void whatChangesNothingIsNotWritten() {
    RawApi.Answer made = create("a", "x");
    assertThat(api.merge(configMap("a"), "data: {key: x}").version()).isEqualTo(made.version());
    assertThat(api.put(configMap("a"), made.body()).version()).isEqualTo(made.version());
    assertThat(api.get(configMap("a")).version()).isEqualTo(made.version());
  }

  @Test
  void mergesAndRemoves() {
    create("a", "x");
    RawApi.Answer merged =
        api.merge(
            configMap("a"),
            "{data: {key: null, other: y}, metadata: {annotations: {note: n}, labels: {app: z}}}");

    assertThat(merged.body().path("data").toString()).isEqualTo("{\"other\":\"y\"}");
    assertThat(merged.text("/metadata/annotations/note")).isEqualTo("n");
    assertThat(merged.text("/metadata/labels/app")).isEqualTo("z");
    assertThat(merged.text("/metadata/labels/case")).isNotEmpty();
  }

  @Test
  void aMergeMayStandOnWhatWasRead() {
    RawApi.Answer made = create("a", "x");
    String patch = "{metadata: {uid: %s, resourceVersion: '%s'}, data: {key: %s}}";
    assertThat(api.merge(configMap("a"), patch.formatted(made.uid(), made.version(), "y")).code())
        .isEqualTo(200);
    assertThat(
            api.merge(configMap("a"), patch.formatted(made.uid(), made.version(), "z")).refusal())
        .isEqualTo("409 Conflict");
    api.delete(configMap("a"), "");
    create("a", "new");
    assertThat(
            api.merge(configMap("a"), patch.formatted(made.uid(), made.version(), "z")).refusal())
        .isEqualTo("409 Conflict");
    assertThat(api.get(configMap("a")).text("/data/key")).isEqualTo("new");
  }

  @Test
  void doesOperationsInTheirOrder() {
    create("a", "x");
    RawApi.Answer patched =
        api.patch(
            configMap("a"),
            RawApi.JSON_PATCH,
            """
            - {op: test, path: /data/key, value: x}
            - {op: add, path: /data/more, value: y}
            - {op: replace, path: /data/key, value: z}
            - {op: add, path: /metadata/annotations, value: {ebb.dev/a: b}}
            - {op: remove, path: /metadata/labels/app}
            """);
    assertThat(patched.body().path("data").toString()).isEqualTo("{\"key\":\"z\",\"more\":\"y\"}");
    assertThat(patched.body().at("/metadata/annotations/ebb.dev~1a").asString("")).isEqualTo("b");
    assertThat(patched.body().at("/metadata/labels").has("app")).isFalse();
    assertThat(
            api.patch(
                    configMap("a"),
                    RawApi.JSON_PATCH,
                    "[{op: test, path: /data/key, value: x}, {op: remove, path: /data/key}]")
                .refusal())
        .isEqualTo("422 Invalid");
    assertThat(
            api.patch(configMap("a"), RawApi.JSON_PATCH, "[{op: remove, path: /data/nothing}]")
                .refusal())
        .isEqualTo("422 Invalid");
  }

  @Test
  void generationCountsWhatIsWanted() {
    String path = resources() + "/" + own("r");
    assertThat(createResource("r", "").text("/metadata/generation")).isEqualTo("1");
    assertThat(api.merge(path, "metadata: {labels: {a: b}}").text("/metadata/generation"))
        .isEqualTo("1");
    assertThat(api.merge(path, "spec: {idleAfter: 1m}").text("/metadata/generation"))
        .isEqualTo("2");
    assertThat(api.merge(path + "/status", "status: {state: Awake}").text("/metadata/generation"))
        .isEqualTo("2");
    createDeployment("d", 2);
    String deployment = deployments() + "/" + own("d");
    assertThat(api.merge(deployment, "spec: {replicas: 3}").text("/metadata/generation"))
        .isEqualTo("2");
  }

  @Test
  void statusAndTheRestAreWrittenApart() {
    String path = resources() + "/" + own("r");
    createResource("r", "status: {state: Asleep}");
    assertThat(api.get(path).body().has("status")).isFalse();

    RawApi.Answer told =
        api.merge(
            path + "/status",
            "{status: {state: Awake}, spec: {idleAfter: 1m}, metadata: {labels: {a: b}}}");
    assertThat(told.text("/status/state")).isEqualTo("Awake");
    assertThat(told.text("/spec/idleAfter")).isEqualTo("10m");
    RawApi.Answer wanted = api.merge(path, "{status: {state: Asleep}, spec: {idleAfter: 1m}}");
    assertThat(wanted.text("/status/state")).isEqualTo("Awake");
    assertThat(wanted.text("/spec/idleAfter")).isEqualTo("1m");
  }

  @Test
  void aCustomResourceIsFilledInPrunedAndChecked() {
    RawApi.Answer made = createResource("r", "unknown: {a: b}");
    assertThat(made.text("/spec/idleAfter")).isEqualTo("10m");
    assertThat(made.text("/spec/mode")).isEqualTo("Enforce");
    assertThat(made.text("/spec/limits/held")).isEqualTo("1000");
    assertThat(made.body().path("spec").has("unknown")).isFalse();
    assertThat(createResource("bad", "mode: Sometimes").refusal()).isEqualTo("422 Invalid");
    assertThat(createResource("bad", "services: shop").refusal()).isEqualTo("422 Invalid");
    assertThat(createResource("bad", "idleAfter: " + "9".repeat(65) + "s").refusal())
        .isEqualTo("422 Invalid");
    assertThat(api.merge(resources() + "/" + own("r"), "spec: {targetRef: null}").refusal())
        .isEqualTo("422 Invalid");
  }

  @Test
  void aBuiltInKindIsFilledIn() {
    JsonNode service =
        api.post(
                services(),
                """
                apiVersion: v1
                kind: Service
                metadata: {name: %s}
                spec: {selector: {app: a}, ports: [{port: 80}]}
                """
                    .formatted(own("s")))
            .body();
    assertThat(service.at("/spec/type").asString("")).isEqualTo("ClusterIP");
    assertThat(service.at("/spec/clusterIP").asString("")).matches("[0-9.]+");
    assertThat(service.at("/spec/sessionAffinity").asString("")).isEqualTo("None");
    assertThat(service.at("/spec/internalTrafficPolicy").asString("")).isEqualTo("Cluster");
    assertThat(service.at("/spec/ipFamilies/0").asString("")).isEqualTo("IPv4");
    assertThat(service.at("/spec/ports/0/protocol").asString("")).isEqualTo("TCP");
    assertThat(service.at("/spec/ports/0/targetPort").asInt()).isEqualTo(80);
  }

  @Test
  void saysWhatIsServed() {
    JsonNode apps = api.get(APPS).body().path("resources");
    assertThat(apps.valueStream().map(r -> r.path("name").asString("")).toList())
        .contains("deployments", "deployments/scale", "statefulsets/scale", "replicasets/status");
    assertThat(
            apps.valueStream()
                .filter(r -> r.path("name").asString("").equals("deployments"))
                .map(r -> r.path("kind").asString("") + r.path("namespaced").asBoolean(false)))
        .containsExactly("Deploymenttrue");
  }
}
