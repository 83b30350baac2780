package dev.ebb.autoscaler.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.ebb.autoscaler.plan.Annotated;
import dev.ebb.autoscaler.plan.World;
import dev.ebb.runtime.config.RuntimeAutoConfiguration;
import dev.ebb.runtime.kube.KubeException;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.kube.ObjectWriter;
import dev.ebb.runtime.kube.WriteGuard;
import dev.ebb.runtime.model.Condition;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.runtime.model.ScaledResource.MappedPort;
import dev.ebb.runtime.model.ScaledResource.MappedService;
import dev.ebb.runtime.model.ScaledResource.State;
import dev.ebb.runtime.model.ScaledResource.Status;
import dev.ebb.runtime.model.ScaledResource.Transition;
import dev.ebb.runtime.model.Service;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class ResourceWriterTest {

  private static final String PATH = "/apis/ebb.dev/v1alpha1/namespaces/ns/scaledresources/shop";
  private static final String MERGE = "application/merge-patch+json";

  private static final JsonMapper JSON = RuntimeAutoConfiguration.kubernetesJson();

  private static final ScaledResource BARE =
      new ScaledResource(Meta.named("ns", "shop"), null, null);

  private final FakeApi api = new FakeApi();
  private boolean leading = true;
  private final ResourceWriter writer =
      new ResourceWriter(new ObjectWriter(api.client().guardedBy(() -> leading), List.of()));
  private final World world = new World();
  private final ScaledResource resource = world.resource();
  private final Service service = world.observed().services().getFirst();

  private static void guarded(FakeApi.Call call, String uid, String version) {
    assertThat(call.query()).isEqualTo("fieldManager=ebb-autoscaler");
    assertThat(call.at("/metadata/uid").asString()).isEqualTo(uid);
    assertThat(call.at("/metadata/resourceVersion").asString()).isEqualTo(version);
  }

  // Finalizer and annotations.

  @Test
  void aConditionIsWrittenAsKubernetesDefinesIt() {
    writer.status(resource, STATUS);

    assertThat(api.onlyCall().at("/status/conditions/0").propertyNames())
        .containsExactlyInAnyOrder(
            "type", "status", "reason", "message", "observedGeneration", "lastTransitionTime");
    assertThat(api.onlyCall().at("/status/conditions/0/lastTransitionTime").asString())
        .isEqualTo("2026-03-01T12:00:00Z");
  }

  @Test
  void addsItsFinalizerBehindThoseOfOthers() {
    Meta meta = resource.metadata();
    ScaledResource others =
        new ScaledResource(
            new Meta(
                meta.name(),
                meta.namespace(),
                meta.uid(),
                meta.resourceVersion(),
                1,
                null,
                null,
                null,
                null,
                List.of("example.com/other"),
                null),
            resource.spec(),
            resource.status());

    ScaledResource after = writer.addFinalizer(others);

    FakeApi.Call call = api.onlyCall();
    assertThat(call.method()).isEqualTo("PATCH");
    assertThat(call.path()).isEqualTo(PATH);
    assertThat(call.contentType()).startsWith(MERGE);
    guarded(call, "uid-of-resource", "42");
    assertThat(call.at("/metadata/finalizers").values())
        .extracting(JsonNode::asString)
        .containsExactly("example.com/other", ScaledResource.FINALIZER);
    assertThat(after.metadata().resourceVersion()).isEqualTo("101");
  }

  @Test
  void removesItsFinalizerByItsValueWhateverElseHappened() {
    writer.removeFinalizer(resource);

    FakeApi.Call call = api.onlyCall();
    assertThat(call.contentType()).startsWith("application/json-patch+json");
    assertThat(call.body().toString())
        .isEqualTo(
            ("[{'op':'test','path':'/metadata/uid','value':'uid-of-resource'},"
                    + "{'op':'test','path':'/metadata/finalizers/0','value':'ebb.dev/autoscaler'},"
                    + "{'op':'remove','path':'/metadata/finalizers/0'}]")
                .replace('\'', '"'));
  }

  @Test
  void aFinalizerThatIsNotThereIsNotRemoved() {
    writer.removeFinalizer(BARE);

    assertThat(api.calls()).isEmpty();
  }

  @Test
  void whatIsGoneNeedsNoRelease() {
    api.answering(404);

    writer.removeFinalizer(resource);
    writer.removeKey(service);

    assertThat(api.calls()).hasSize(2);
  }

  @Test
  void annotatesOnTopOfWhatWasRead() {
    ScaledResource after = writer.annotate(resource, "ebb.dev/x", "1");

    guarded(api.onlyCall(), "uid-of-resource", "42");
    assertThat(api.onlyCall().at("/metadata/annotations/ebb.dev~1x").asString()).isEqualTo("1");
    assertThat(after.metadata().resourceVersion()).isEqualTo("101");
  }

  @Test
  void anEmptyValueRemovesAnAnnotation() {
    ScaledResource before = world.withAnnotation("ebb.dev/x", "1").resource();

    writer.annotate(before, "ebb.dev/x", "");

    assertThat(api.onlyCall().at("/metadata/annotations/ebb.dev~1x").isNull()).isTrue();
  }

  @Test
  void writesNoAnnotationThatIsThereAlready() {
    ScaledResource before = world.withAnnotation("ebb.dev/x", "1").resource();

    assertThat(writer.annotate(before, "ebb.dev/x", "1")).isSameAs(before);
    assertThat(writer.annotate(before, "ebb.dev/y", "")).isSameAs(before);
    assertThat(api.calls()).isEmpty();
  }

  // Keys.

  @Test
  void addsAndRemovesNothingButItsKey() {
    writer.addKey(service);
    writer.removeKey(service);

    assertThat(api.calls())
        .allSatisfy(call -> {
          assertThat(call.method()).isEqualTo("PATCH");
          assertThat(call.path()).isEqualTo("/api/v1/namespaces/ns/services/shop");
          assertThat(call.contentType()).startsWith(MERGE);
          guarded(call, "uid-of-shop", "5");
          assertThat(call.at("/spec").propertyNames()).containsExactly("selector");
          assertThat(call.at("/spec/selector").propertyNames())
              .containsExactly("ebb.dev/behind-gateway");
        });
    assertThat(api.calls().getFirst().at("/spec/selector/ebb.dev~1behind-gateway").asString())
        .isEqualTo("true");
    assertThat(api.calls().getLast().at("/spec/selector/ebb.dev~1behind-gateway").isNull())
        .isTrue();
  }

  // Status.

  @Test
  void writesTheStatusWholeAndWhatIsGoneAsNull() {
    Status status =
        new Status(
            7, List.of(), State.Awake, null, null, null, List.of(), null, null, null, null, "m");

    writer.status(resource, status);

    FakeApi.Call call = api.onlyCall();
    assertThat(call.path()).isEqualTo(PATH + "/status");
    guarded(call, "uid-of-resource", "42");
    assertThat(call.at("/status/observedGeneration").asInt()).isEqualTo(7);
    assertThat(call.at("/status/state").asString()).isEqualTo("Awake");
    assertThat(call.at("/status/services").isArray()).isTrue();
    assertThat(
            Stream.of(
                "replicas",
                "rememberedReplicas",
                "selector",
                "lastActivityTime",
                "nextTransition",
                "adoptedAt",
                "bypassGraceUntil"))
        .allMatch(field -> call.at("/status/" + field).isNull());
  }

  private static final Instant T = Instant.parse("2026-03-01T12:00:00Z");
  private static final Status STATUS =
      new Status(
          1,
          List.of(new Condition("Ready", "True", "Managed", "fine", 1L, T)),
          State.Awake,
          2,
          3,
          "app=shop",
          List.of(new MappedService("shop", "u", List.of(new MappedPort("", 80, "TCP", true)))),
          T,
          new Transition(null, "Asleep", "IdleAfter"),
          T,
          T,
          "awake");

  private static Status read(JsonNode tree) {
    return JSON.treeToValue(tree, Status.class);
  }

  private static Status with(Condition condition) {
    ObjectNode tree = JSON.valueToTree(STATUS);
    tree.putArray("conditions").addPOJO(condition);
    return read(JSON.readTree(JSON.writeValueAsBytes(tree)));
  }

  @Test
  void everyFieldOfTheStatusThatIsAnotherIsWritten() {
    ObjectNode tree = JSON.valueToTree(STATUS);
    assertThat(tree.propertyNames()).hasSize(Status.class.getRecordComponents().length);
    for (String field : tree.propertyNames()) {
      Status changed = read(tree.deepCopy().putNull(field));

      assertThat(ResourceWriter.same(STATUS, changed)).as(field).isFalse();
      assertThat(ResourceWriter.same(changed, STATUS)).as(field).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Valid,True,Managed,fine,1",
    "Ready,False,Managed,fine,1",
    "Ready,True,Other,fine,1",
    "Ready,True,Managed,good,1",
    "Ready,True,Managed,fine,2"
  })
  void everyConditionThatSaysSomethingElseIsWritten(
      String type, String status, String reason, String message, long generation) {
    Condition other = new Condition(type, status, reason, message, generation, T);

    assertThat(ResourceWriter.same(STATUS, with(other))).isFalse();
  }

  @Test
  void writesNoStatusThatSaysNothingNew() {
    ScaledResource before = new ScaledResource(resource.metadata(), resource.spec(), STATUS);
    Condition later = new Condition("Ready", "True", "Managed", "fine", 1L, T.plusSeconds(9));

    assertThat(writer.status(before, with(later))).isSameAs(before);
    assertThat(api.calls()).isEmpty();
  }

  @Test
  void absentAndEmptyListsSayTheSame() {
    Status absent = new ScaledResource(null, null, null).status();
    Status empty =
        new Status(0, List.of(), null, null, null, null, List.of(), null, null, null, null, null);

    assertThat(ResourceWriter.same(absent, empty)).isTrue();
  }

  @Test
  void aPlanThatIsWrittenNeedsNotBeWrittenAgain() {
    world.later(Duration.ofSeconds(1)).after(world.plan());
    world.after(world.plan());

    writer.status(world.resource(), world.plan().status());

    assertThat(api.calls()).isEmpty();
  }

  @Test
  void withdrawsItsServicesFromTheGateway() {
    writer.withdraw(resource);

    FakeApi.Call call = api.onlyCall();
    assertThat(call.path()).isEqualTo(PATH + "/status");
    guarded(call, "uid-of-resource", "42");
    assertThat(call.at("/status/services").isArray()).isTrue();
    assertThat(call.at("/status/services").isEmpty()).isTrue();
    assertThat(call.at("/status/adoptedAt").isNull()).isTrue();
    assertThat(call.at("/status/bypassGraceUntil").isNull()).isTrue();
  }

  @Test
  void withdrawsNothingTwice() {
    assertThat(writer.withdraw(BARE)).isSameAs(BARE);
    assertThat(api.calls()).isEmpty();
  }

  // Resources that annotations ask for.

  @Test
  void createsWhatAnAnnotationAsksForOwnedByTheWorkload() {
    Meta workload =
        new Meta("shop", "ns", "uid-of-shop", "1", 1, null, null, null, null, null, null);

    writer.create(World.TARGET, workload, "10m");

    FakeApi.Call call = api.onlyCall();
    assertThat(call.method()).isEqualTo("POST");
    assertThat(call.path()).isEqualTo("/apis/ebb.dev/v1alpha1/namespaces/ns/scaledresources");
    assertThat(call.at("/apiVersion").asString()).isEqualTo("ebb.dev/v1alpha1");
    assertThat(call.at("/kind").asString()).isEqualTo("ScaledResource");
    assertThat(call.at("/metadata/name").asString()).isEqualTo("shop-deployment");
    assertThat(call.at("/spec/idleAfter").asString()).isEqualTo("10m");
    ScaledResource created = JSON.treeToValue(call.body(), ScaledResource.class);
    assertThat(Annotated.madeFor(created, workload)).isTrue();
    assertThat(created.spec().targetRef())
        .isEqualTo(new ScaledResource.TargetRef("apps/v1", "Deployment", "shop"));
  }

  @Test
  void changesTheWindowOnlyIfItIsAnother() {
    writer.idleAfter(resource, "10m");
    assertThat(api.calls()).isEmpty();

    writer.idleAfter(resource, "20m");
    guarded(api.onlyCall(), "uid-of-resource", "42");
    assertThat(api.onlyCall().at("/spec").propertyNames()).containsExactly("idleAfter");
    assertThat(api.onlyCall().at("/spec/idleAfter").asString()).isEqualTo("20m");
  }

  @Test
  void deletesOnlyWhatWasRead() {
    writer.delete(resource);

    FakeApi.Call call = api.onlyCall();
    assertThat(call.method()).isEqualTo("DELETE");
    assertThat(call.path()).isEqualTo(PATH);
    assertThat(call.at("/preconditions/uid").asString()).isEqualTo("uid-of-resource");
    assertThat(call.at("/preconditions/resourceVersion").asString()).isEqualTo("42");
  }

  // Guards.

  private static Stream<Arguments> writes() {
    return Stream.of(
        write("addFinalizer", (w, r) -> w.addFinalizer(BARE)),
        write("removeFinalizer", (w, r) -> w.removeFinalizer(r)),
        write("annotate", (w, r) -> w.annotate(r, "ebb.dev/x", "1")),
        write("status", (w, r) -> w.status(r, STATUS)),
        write("withdraw", (w, r) -> w.withdraw(r)),
        write("addKey", (w, r) -> w.addKey(new World().observed().services().getFirst())),
        write("removeKey", (w, r) -> w.removeKey(new World().observed().services().getFirst())),
        write("create", (w, r) -> w.create(World.TARGET, r.metadata(), "10m")),
        write("idleAfter", (w, r) -> w.idleAfter(r, "20m")),
        write("delete", (w, r) -> w.delete(r)));
  }

  private static Arguments write(String what, BiConsumer<ResourceWriter, ScaledResource> write) {
    return arguments(what, write);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("writes")
  void writesNothingWithoutLeading(String what, BiConsumer<ResourceWriter, ScaledResource> write) {
    leading = false;

    assertThatThrownBy(() -> write.accept(writer, resource))
        .isInstanceOf(WriteGuard.NotLeadingException.class);

    assertThat(api.calls()).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("writes")
  void whoeverWasQuickerWins(String what, BiConsumer<ResourceWriter, ScaledResource> write) {
    api.answering(409);

    assertThatThrownBy(() -> write.accept(writer, resource))
        .isInstanceOfSatisfying(KubeException.class, e -> assertThat(e.conflict()).isTrue());

    assertThat(api.calls()).hasSize(1);
  }
}
