package dev.ebb.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.junit.TestNamespace;
import dev.ebb.localcluster.junit.WithCluster;
import dev.ebb.system.KubectlEbb.Call;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The journey with {@code kubectl ebb}: the real kubectl finds the plug-in on the PATH. */
@WithCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CliST {

  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir private Path cache;
  private Cluster cluster;
  private String namespace;
  private Ebb ebb;
  private Workload shop;

  @BeforeAll
  void install(Cluster shared, TestNamespace own) {
    cluster = shared;
    namespace = own.name();
    ebb = Ebb.in(cluster);
    shop = Workload.create(cluster, namespace, "shop", "1h", 1, 0).awaitAwake().awaitHandedOver();
  }

  @AfterEach
  void unfreeze() {
    ebb.kubectl("delete", "configmap", "ebb-freeze", "--ignore-not-found");
  }

  private Call ebb(String... words) {
    return new KubectlEbb(cluster, cache).run(words);
  }

  private Call good(String... words) {
    return new KubectlEbb(cluster, cache).good(words);
  }

  @Test
  @Order(1)
  void showsWhatGoesOnAndWhy() {
    Call status = good("status", "-n", namespace);
    assertThat(status.out())
        .containsPattern("ebb-autoscaler +1/1")
        .containsPattern("ebb-dlx-gateway +2/2")
        .containsPattern("shop +Deployment/shop +Awake +1 +Asleep \\(IdleAfter\\) +awake; sleeps");
    assertThat(good("status", "-A").out()).containsPattern(namespace + " +shop ");
    assertThat(good("status", "-n", namespace, "-o", "json").out()).contains("\"name\" : \"shop\"");
    assertThat(good("status", "-n", namespace, "-o", "yaml").out()).contains("name: shop");
    assertThat(good("why", "shop", "-n", namespace).out())
        .containsPattern("no +Idle +last active .* sleeps after 1h")
        .containsPattern("yes +Mode ");
  }

  @Test
  @Order(2)
  void leadsAWorkloadToSleepAndBack() {
    // Pods from before the hand-over would count for an hour; new ones do not.
    shop.kubectl("rollout", "restart", "deployment/shop");
    shop.awaitAwake();
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(good("why", "shop", "-n", namespace).out())
                .containsPattern("yes +BehindGateway")
                .doesNotContainPattern("no +AdoptionGrace")
                .doesNotContainPattern("no +NoRollout"));

    assertThat(good("sleep", "shop", "-n", namespace).out()).contains("shop: asked to sleep");
    shop.awaitAsleep();
    assertThat(good("wake", "sr/shop", "-n", namespace).out()).contains("shop: replicas 0 -> 1");
    shop.awaitAwake();
    await().atMost(SOON).until(() -> shop.state().equals("Awake"));
    assertThat(good("wake", "shop", "-n", namespace).out()).contains("already");
    assertThat(shop.events()).contains("AdminSleep", "AdminWake");
    assertThat(
            shop.kubectl(
                "get",
                "events",
                "--field-selector=reason=AdminWake",
                "-o",
                "jsonpath={.items[*].message}"))
        .contains("system:serviceaccount:ebb-system:ebb-cli", "on behalf of");
  }

  @Test
  @Order(3)
  void pausesForATime() {
    assertThat(good("pause", "shop", "-n", namespace, "--for", "1h").out())
        .contains("shop: paused until 20");
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(good("status", "-n", namespace).out())
                .contains("Awake (paused)", "Resumed (20"));
    Call refused = ebb("sleep", "shop", "-n", namespace);
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err()).startsWith("error: ").contains("resume it");

    assertThat(good("resume", "shop", "-n", namespace).out()).contains("spec.mode is Enforce");
  }

  @Test
  @Order(4)
  void freezesAndUnfreezes() {
    good("freeze", "-A", "--reason", "big day");
    assertThat(good("freeze", "-A").out()).contains("already");
    good("freeze", "-A", "--reason", "a \"longer\" day");
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(good("status", "-n", namespace).out())
                .contains("Awake (frozen)", "a \"longer\" day"));
    good("unfreeze", "-A");
    good("freeze", "-n", namespace);
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(good("why", "shop", "-n", namespace).out())
                .containsPattern("no +NotFrozen +the namespace is frozen"));
    good("unfreeze", "-n", namespace);
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(good("status", "-n", namespace).out()).doesNotContain("frozen"));
  }

  @Test
  @Order(5)
  void errorsSayWhatToDo() {
    Call unknown = ebb("why", "nobody", "-n", namespace);
    assertThat(unknown.exitCode()).isEqualTo(1);
    assertThat(unknown.err()).contains("there is no ScaledResource", "kubectl get sr -A");

    Call elsewhere = ebb("status", "--ebb-namespace", "nowhere");
    assertThat(elsewhere.exitCode()).isEqualTo(3);
    assertThat(elsewhere.err()).contains("nowhere", "--ebb-namespace");

    Call usage = ebb("pause");
    assertThat(usage.exitCode()).isEqualTo(2);
    assertThat(usage.err()).contains("NAME");

    Call token = ebb("status", "--token", "wrong");
    assertThat(token.exitCode()).isEqualTo(1);
    assertThat(token.err()).contains("audience ebb");
  }

  @Test
  @Order(6)
  void anAccountOfOnesOwnMayDoWhatItMay() {
    shop.kubectl("create", "serviceaccount", "viewer");
    shop.kubectl(
        "create",
        "rolebinding",
        "viewer",
        "--clusterrole=view",
        "--serviceaccount=" + namespace + ":viewer");
    String viewer = "--service-account=" + namespace + "/viewer";

    assertThat(good("status", "-n", namespace, viewer).out()).contains("shop");
    Call refused = ebb("wake", "shop", "-n", namespace, viewer);
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err()).contains("may not wake scaledresources.ebb.dev");
  }
}
