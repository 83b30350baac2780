package dev.ebb.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;

/** Deletion, finalizers, garbage collection, namespaces. */
abstract class DeletionContract extends ApiContract {

  DeletionContract(Subject subject) {
    super(subject);
  }

  /** The real controllers take their time. */
  private static ConditionFactory soon() {
    return await().atMost(Duration.ofSeconds(60));
  }

  private boolean gone(String name) {
    return api.get(configMap(name)).code() == 404;
  }

  @Test
  void deletesOnlyWhatWasRead() {
    RawApi.Answer made = create("a", "x");
    api.merge(configMap("a"), "data: {key: y}");
    String options = "preconditions: {uid: %s, resourceVersion: '%s'}";
    assertThat(api.delete(configMap("a"), options.formatted(made.uid(), made.version())).refusal())
        .isEqualTo("409 Conflict");
    assertThat(
            api.delete(configMap("a"), "preconditions: {uid: 11111111-1111-1111-1111-111111111111}")
                .refusal())
        .isEqualTo("409 Conflict");
    RawApi.Answer now = api.get(configMap("a"));
    assertThat(api.delete(configMap("a"), options.formatted(now.uid(), now.version())).code())
        .isEqualTo(200);
    assertThat(gone("a")).isTrue();
  }

  @Test
  void aFinalizerKeepsAnObjectUntilItIsRemoved() {
    RawApi.Answer made = create("a", "x", "finalizers: [ebb.dev/test]");
    assertThat(api.delete(configMap("a"), "").code()).isEqualTo(200);
    RawApi.Answer going = api.get(configMap("a"));

    assertThat(Instant.parse(going.text("/metadata/deletionTimestamp"))).isNotNull();
    assertThat(going.version()).isNotEqualTo(made.version());
    api.delete(configMap("a"), "");
    assertThat(api.get(configMap("a")).version()).isEqualTo(going.version());
    assertThat(
            api.merge(configMap("a"), "metadata: {finalizers: [ebb.dev/test, ebb.dev/more]}")
                .refusal())
        .isEqualTo("422 Invalid");
    assertThat(api.merge(configMap("a"), "data: {key: still}").code()).isEqualTo(200);
    assertThat(api.post(configMaps(), manifest("a", "x", "")).refusal())
        .isEqualTo("409 AlreadyExists");
    RawApi.Answer released =
        api.patch(
            configMap("a"), RawApi.JSON_PATCH, "[{op: remove, path: /metadata/finalizers/0}]");
    assertThat(released.code()).isEqualTo(200);
    assertThat(gone("a")).isTrue();
  }

  @Test
  void deletionOfWhatIsKeptIsANewGeneration() {
    createResource("r", "");
    String path = resources() + "/" + own("r");
    api.merge(path, "metadata: {finalizers: [ebb.dev/test]}");
    api.delete(path, "");
    assertThat(api.get(path).text("/metadata/generation")).isEqualTo("2");
    api.merge(path, "metadata: {finalizers: null}");
    assertThat(api.get(path).code()).isEqualTo(404);
  }

  @Test
  void whatIsOwnedGoesWithItsOwner() {
    RawApi.Answer owner = create("owner", "x");
    create("owned", "x", owner(owner, false));
    api.delete(configMap("owner"), "propagationPolicy: Background");
    assertThat(gone("owner")).isTrue();
    soon().until(() -> gone("owned"));
  }

  @Test
  void whatHasAnotherOwnerStays() {
    RawApi.Answer first = create("first", "x");
    RawApi.Answer second = create("second", "x");
    String references =
        owner(first, false) + owner(second, false).replaceFirst("ownerReferences:\n", "");
    create("owned", "x", references);
    api.delete(configMap("first"), "propagationPolicy: Background");
    soon()
        .until(() ->
            api.get(configMap("owned")).body().path("metadata").path("ownerReferences").size()
                == 1);
    assertThat(api.get(configMap("owned")).text("/metadata/ownerReferences/0/uid"))
        .isEqualTo(second.uid());
    api.delete(configMap("second"), "");
    soon().until(() -> gone("owned"));
  }

  @Test
  void anOwnerIsMeantByItsUid() {
    RawApi.Answer before = create("owner", "x");
    api.delete(configMap("owner"), "");
    create("owner", "x");
    api.post(configMaps(), manifest("owned", "x", owner(before, false)));
    soon().until(() -> gone("owned"));
    assertThat(gone("owner")).isFalse();
  }

  @Test
  void aForegroundDeletionTakesWhatIsOwnedFirst() {
    RawApi.Answer owner = create("owner", "x");
    create("owned", "x", owner(owner, true) + "finalizers: [ebb.dev/test]");
    api.delete(configMap("owner"), "propagationPolicy: Foreground");
    assertThat(api.get(configMap("owner")).text("/metadata/finalizers/0"))
        .isEqualTo("foregroundDeletion");
    soon().until(() -> !api.get(configMap("owned")).text("/metadata/deletionTimestamp").isEmpty());
    assertThat(gone("owner")).isFalse();
    api.merge(configMap("owned"), "metadata: {finalizers: null}");
    soon().until(() -> gone("owner") && gone("owned"));
  }

  @Test
  void anOrphanStays() {
    RawApi.Answer owner = create("owner", "x");
    create("owned", "x", owner(owner, false));
    // The collector must know of the owned one before its owner goes.
    soon().until(() -> !gone("owned"));
    api.delete(configMap("owner"), "propagationPolicy: Orphan");
    soon().until(() -> gone("owner"));
    assertThat(api.get(configMap("owned")).body().path("metadata").has("ownerReferences"))
        .isFalse();
  }

  @Test
  void aNamespaceTakesItsContents() {
    String namespace = CORE + "/namespaces/" + own("ns");
    String inside = namespace + "/configmaps";
    api.post(
        CORE + "/namespaces",
        "{apiVersion: v1, kind: Namespace, metadata: {name: %s}}".formatted(own("ns")));
    String body = "{apiVersion: v1, kind: ConfigMap, metadata: {name: %s}}";
    api.post(
        inside,
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, finalizers: [ebb.dev/test]}}");
    api.delete(namespace, "");
    assertThat(api.get(namespace).text("/status/phase")).isEqualTo("Terminating");
    assertThat(api.post(inside, body.formatted("b")).refusal()).isEqualTo("403 Forbidden");
    soon().until(() -> !api.get(inside + "/a").text("/metadata/deletionTimestamp").isEmpty());
    api.merge(inside + "/a", "metadata: {finalizers: null}");
    soon().until(() -> api.get(namespace).code() == 404);
  }

  @Test
  void aPodThatRunsNowhereGoesAtOnce() {
    String pods = CORE + "/namespaces/" + subject.namespace() + "/pods";
    RawApi.Answer pod =
        api.post(
            pods,
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: %s}
            spec: {containers: [{name: c, image: none}]}
            """
                .formatted(own("p")));
    assertThat(pod.text("/status/phase")).isEqualTo("Pending");
    assertThat(api.delete(pods + "/" + own("p"), "").code()).isEqualTo(200);
    assertThat(api.get(pods + "/" + own("p")).code()).isEqualTo(404);
  }
}
