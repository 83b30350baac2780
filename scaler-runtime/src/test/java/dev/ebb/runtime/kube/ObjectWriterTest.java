package dev.ebb.runtime.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ebb.runtime.config.RuntimeAutoConfiguration;
import dev.ebb.runtime.model.Namespace;
import dev.ebb.runtime.model.Service;
import dev.ebb.scaler.ResourceKey;
import java.time.Clock;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ObjectWriterTest {

  private static final String SERVICES = "/api/v1/namespaces/ns/services";
  private static final ResourceKey KEY = new ResourceKey("ns", "shop");
  private static final JsonMapper JSON = RuntimeAutoConfiguration.kubernetesJson();

  private final MemoryApi api = new MemoryApi();
  private final Informer<Service> cache =
      new Informer<>(api.client(), Service.TYPE, null, Map.of(), Clock.systemUTC());
  private final ObjectWriter writer = new ObjectWriter(api.client(), List.of(cache));

  private Service create() {
    return writer.create(
        Service.TYPE,
        "ns",
        JSON.readTree(
            """
            {"metadata": {"namespace": "ns", "name": "shop", "uid": "u",
              "finalizers": ["example.com/other", "ebb.dev/test"]}}\
            """));
  }

  @Test
  void whatIsWrittenIsInTheCacheWhenTheWriterGoesOn() {
    Service created = create();
    assertThat(cache.get(KEY)).contains(created);

    Service patched = writer.patch(Service.TYPE, created.metadata(), null, writer.node());
    assertThat(cache.get(KEY)).contains(patched);

    assertThat(writer.delete(Service.TYPE, patched.metadata())).isTrue();
    assertThat(cache.get(KEY)).isEmpty();
    assertThat(writer.delete(Service.TYPE, patched.metadata())).isFalse();
  }

  @Test
  void aCacheWithSelectorsTakesNothingInThatItDoesNotHold() {
    Informer<Service> selected =
        new Informer<>(
            api.client(), Service.TYPE, null, Map.of("labelSelector", "a=b"), Clock.systemUTC());
    Informer<Service> elsewhere =
        new Informer<>(api.client(), Service.TYPE, "other", Map.of(), Clock.systemUTC());

    new ObjectWriter(api.client(), List.of(selected, elsewhere))
        .create(Service.TYPE, "ns", Map.of("metadata", Map.of("namespace", "ns", "name", "x")));

    assertThat(selected.list()).isEmpty();
    assertThat(elsewhere.list()).isEmpty();
  }

  @Test
  void patchesOnlyWhatWasRead() {
    Service read = create();
    writer.patch(Service.TYPE, read.metadata(), null, writer.node());

    assertThatThrownBy(() -> writer.patch(Service.TYPE, read.metadata(), null, writer.node()))
        .isInstanceOfSatisfying(KubeException.class, e -> assertThat(e.conflict()).isTrue());

    JsonNode first = api.calls("PATCH").getFirst().body();
    assertThat(first.at("/metadata/uid").asString()).isEqualTo("u");
    assertThat(first.at("/metadata/resourceVersion").asString())
        .isEqualTo(read.metadata().resourceVersion());
  }

  @Test
  void nothingIsDeletedThatWasNotRead() {
    assertThatThrownBy(() -> writer.delete(Service.TYPE, Meta.named("ns", "shop")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("only what was read");
    assertThat(api.calls("DELETE")).isEmpty();
  }

  @Test
  void whatLiesInNoNamespaceIsWrittenInTheSameWay() {
    Informer<Namespace> namespaces =
        new Informer<>(api.client(), Namespace.TYPE, null, Map.of(), Clock.systemUTC());
    ObjectWriter own = new ObjectWriter(api.client(), List.of(namespaces));
    Namespace created =
        own.create(Namespace.TYPE, "", Map.of("metadata", Map.of("name", "shop", "uid", "u")));

    Namespace patched = own.patch(Namespace.TYPE, created.metadata(), null, own.node());
    assertThat(api.calls("PATCH").getLast().path()).isEqualTo("/api/v1/namespaces/shop");
    assertThat(namespaces.list()).containsExactly(patched);

    assertThat(own.delete(Namespace.TYPE, patched.metadata())).isTrue();
    assertThat(namespaces.list()).isEmpty();
  }

  @Test
  void anEmptyApplyClaimsNothing() {
    create();
    Map<String, Object> spec = new HashMap<>();
    spec.put("selector", Map.of());
    spec.put("ports", List.of());
    spec.put("type", null);
    spec.put("paused", Map.of());
    spec.put("items", Arrays.asList(Map.of("annotations", Map.of()), Map.of("b", 0)));

    writer.apply(
        Service.TYPE,
        KEY,
        Map.of("metadata", Map.of("name", "shop", "annotations", Map.of()), "spec", spec),
        "/spec/paused");

    assertThat(api.calls("PATCH").getFirst().body())
        .isEqualTo(
            JSON.readTree(
                """
                {"metadata": {"name": "shop"},
                 "spec": {"paused": {}, "items": [{}, {"b": 0}]}}\
                """));
  }

  @Test
  void finalizersGoByTheirValue() {
    Service read = create();

    writer.removeFinalizer(Service.TYPE, read, "example.com/missing");
    assertThat(api.calls("PATCH")).isEmpty();

    assertThat(writer.addFinalizer(Service.TYPE, read, "ebb.dev/test")).isSameAs(read);
    Service added = writer.addFinalizer(Service.TYPE, read, "ebb.dev/new");
    assertThat(added.metadata().finalizers())
        .containsExactly("example.com/other", "ebb.dev/test", "ebb.dev/new");
  }
}
