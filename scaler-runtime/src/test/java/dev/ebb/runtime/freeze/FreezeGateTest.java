package dev.ebb.runtime.freeze;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ebb.runtime.kube.KubeException;
import dev.ebb.runtime.kube.WriteGate.Write;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class FreezeGateTest {

  private static final String SCALE = "/apis/apps/v1/namespaces/frozen/deployments/shop/scale";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Freezes the namespace of this name, or everything. */
  private static final class Switch implements Freezes {
    private boolean everything;

    @Override
    public Optional<Freeze> of(String namespace) {
      return everything || namespace.equals("frozen")
          ? Optional.of(new Freeze(Freeze.Scope.NAMESPACE, "launch"))
          : Optional.empty();
    }

    @Override
    public Optional<Freeze> live(String namespace) {
      return of(namespace);
    }
  }

  private final Switch freezes = new Switch();
  private final FreezeGate gate = new FreezeGate(() -> freezes);

  private static JsonNode scale(int replicas) {
    var scale = JSON.createObjectNode();
    scale.putObject("spec").put("replicas", replicas);
    return scale;
  }

  private void check(String method, String path, Object body, int replicasNow) {
    gate.check(
        new Write(method, path, body),
        read -> {
          assertThat(read).isEqualTo(path);
          return scale(replicasNow);
        });
  }

  @ParameterizedTest
  @CsvSource({
    "PATCH,/apis/ebb.dev/v1alpha1/namespaces/frozen/scaledresources/shop",
    "POST,/apis/ebb.dev/v1alpha1/namespaces/frozen/scaledresources",
    "DELETE,/apis/discovery.k8s.io/v1/namespaces/frozen/endpointslices/shop-ebb-ipv4",
    "PATCH,/api/v1/namespaces/frozen/services/shop",
    "PATCH,/api/v1/namespaces/frozen/services/status",
    "PATCH,/apis/apps/v1/namespaces/frozen/deployments/shop",
    "POST,/api/v1/namespaces/frozen/pods/shop/eviction"
  })
  void refusesWhatChangesSomething(String method, String path) {
    assertThatThrownBy(() -> check(method, path, scale(1), 0))
        .isInstanceOfSatisfying(
            KubeException.class,
            e -> {
              assertThat(e.code()).isEqualTo(FreezeGate.FROZEN);
              assertThat(e.reason()).isEqualTo("Frozen");
              assertThat(e.getMessage()).contains(method + " " + path, "launch", "ebb.dev/freeze");
              assertThat(e.transientFailure() || e.forbidden() || e.conflict()).isFalse();
            });
    String elsewhere = path.replace("/frozen/", "/free/");
    assertThatCode(() -> check(method, elsewhere, scale(1), 0)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/apis/ebb.dev/v1alpha1/namespaces/frozen/scaledresources/shop/status",
        "/api/v1/namespaces/frozen/events",
        "/api/v1/namespaces/frozen/events/shop.frozen.1",
        "/apis/coordination.k8s.io/v1/namespaces/frozen/leases/ebb-autoscaler",
        "/apis/authorization.k8s.io/v1/subjectaccessreviews",
        "/apis/authentication.k8s.io/v1/tokenreviews"
      })
  void letsReportsPass(String path) {
    freezes.everything = true;

    assertThatCode(() -> check("PATCH", path, null, 1)).doesNotThrowAnyException();
  }

  @ParameterizedTest(name = "{0} -> {1}: {2}")
  @CsvSource({"0,1,true", "0,5,true", "1,0,false", "1,2,false", "3,1,false", "0,0,false"})
  void letsAWakePassAndNoOtherScaling(int now, int wanted, boolean passes) {
    var call = assertThatCode(() -> check("PATCH", SCALE, scale(wanted), now));
    if (passes) {
      call.doesNotThrowAnyException();
    } else {
      call.isInstanceOf(KubeException.class);
    }
  }

  @Test
  void looksAtTheScaleOnlyWhileFrozen() {
    String elsewhere = SCALE.replace("/frozen/", "/free/");

    assertThatCode(() ->
            gate.check(
                new Write("PATCH", elsewhere, scale(0)),
                path -> {
                  throw new AssertionError("read");
                }))
        .doesNotThrowAnyException();
  }

  @Test
  void whatLiesInNoNamespaceIsFrozenWithTheSuite() {
    String node = "/api/v1/nodes/one";
    assertThatCode(() -> check("PATCH", node, null, 0)).doesNotThrowAnyException();
    freezes.everything = true;
    assertThatThrownBy(() -> check("PATCH", node, null, 0)).isInstanceOf(KubeException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "/api/v1/namespaces,'','',namespaces,'',''",
    "/api/v1/namespaces/shop,'','',namespaces,shop,''",
    "/api/v1/namespaces/shop/pods,'',shop,pods,'',''",
    "/api/v1/namespaces/shop/pods/a/log,'',shop,pods,a,log",
    "/apis/apps/v1/deployments,apps,'',deployments,'',''",
    "/apis/apps/v1/namespaces/shop/deployments/a/scale,apps,shop,deployments,a,scale",
    "/apis/ebb.dev/v1alpha1/nodebuffers/a/status,ebb.dev,'',nodebuffers,a,status",
    "/version,'','','','',''"
  })
  void takesPathsApart(
      String path, String group, String ns, String plural, String name, String sub) {
    ApiPath parsed = ApiPath.of(path);
    if (plural.isEmpty()) {
      assertThat(parsed.plural()).isEmpty();
    } else {
      assertThat(parsed).isEqualTo(new ApiPath(group, ns, plural, name, sub));
    }
  }
}
