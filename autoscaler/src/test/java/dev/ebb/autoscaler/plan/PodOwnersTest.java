package dev.ebb.autoscaler.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.model.Pod;
import dev.ebb.runtime.model.PodOwners;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.scaler.ScaleTarget;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodOwnersTest {

  private static ScaleTarget target(String apiVersion, String kind) {
    return new ScaleTarget(apiVersion, kind, new ResourceKey("ns", "shop"));
  }

  private static Pod pod(String namespace, Map<String, String> labels, Meta.Owner... owners) {
    return new Pod(
        new Meta(
            "pod", namespace, "u", "1", 0, null, null, labels, Map.of(), null, List.of(owners)),
        null,
        null);
  }

  private static Meta.Owner owner(String kind, String name, boolean controller) {
    return new Meta.Owner("apps/v1", kind, name, "uid-of-owner", controller);
  }

  @ParameterizedTest(name = "{0} with pod of {1} {2}, hash {3}: {4}")
  @CsvSource({
    "Deployment,ReplicaSet,shop-abc,abc,true",
    "Deployment,ReplicaSet,shop-abc,def,false",
    "Deployment,ReplicaSet,shop-abc,,false",
    "Deployment,ReplicaSet,shop-admin-abc,abc,false",
    "Deployment,ReplicaSet,shop,abc,false",
    "Deployment,StatefulSet,shop-abc,abc,false",
    "Deployment,Deployment,shop,abc,false",
    "StatefulSet,StatefulSet,shop,,true",
    "StatefulSet,StatefulSet,bar,,false",
    "StatefulSet,ReplicaSet,shop,,false",
    "ReplicaSet,ReplicaSet,shop,,true",
    "ReplicaSet,ReplicaSet,shop-abc,abc,false"
  })
  void theBuiltInKindsOwnByTheirController(
      String kind, String ownerKind, String owner, String hash, boolean owned) {
    Map<String, String> labels = hash == null ? Map.of() : Map.of("pod-template-hash", hash);
    Pod pod = pod("ns", labels, owner(ownerKind, owner, true));

    assertThat(PodOwners.owns(target("apps/v1", kind), null, pod)).isEqualTo(owned);
  }

  @Test
  void anOwnerThatDoesNotControlIsNone() {
    Pod pod = pod("ns", Map.of(), owner("StatefulSet", "shop", false));

    assertThat(PodOwners.owns(target("apps/v1", "StatefulSet"), "app=shop", pod)).isFalse();
  }

  @Test
  void aPodOfNobodyBelongsToNoBuiltInKindWhateverItsLabels() {
    Pod pod = pod("ns", World.LABELS);

    assertThat(PodOwners.owns(target("apps/v1", "Deployment"), "app=shop", pod)).isFalse();
    assertThat(PodOwners.owns(target("apps/v1", "StatefulSet"), "app=shop", pod)).isFalse();
  }

  @ParameterizedTest(name = "selector {0}: {1}")
  @CsvSource({"app=shop,true", "app=bar,false", ",false", "app in,false"})
  void otherKindsOwnByTheirSelector(String selector, boolean owned) {
    Pod pod = pod("ns", World.LABELS, owner("Whatever", "x", true));

    assertThat(PodOwners.owns(target("example.com/v1", "Shop"), selector, pod)).isEqualTo(owned);
    assertThat(PodOwners.owns(target("example.com/v1", "Deployment"), selector, pod))
        .isEqualTo(owned);
    assertThat(PodOwners.owns(target("v1", "ReplicationController"), selector, pod))
        .isEqualTo(owned);
  }

  @Test
  void nothingOfAnotherNamespaceIsOwned() {
    Pod pod = pod("elsewhere", World.LABELS, owner("StatefulSet", "shop", true));

    assertThat(PodOwners.owns(target("apps/v1", "StatefulSet"), "app=shop", pod)).isFalse();
    assertThat(PodOwners.owns(target("example.com/v1", "Shop"), "app=shop", pod)).isFalse();
  }
}
