package dev.ebb.localcluster.cli;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.ClusterException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Three brokers with messages on volumes of their own, scaled to one. */
final class CleanupDemo implements Stage.Play<CleanupDemo.Outcome> {

  static final String NAMESPACE = "ebb-demo-cleanup";
  static final int STEPS = 3;

  private static final String NAME = "broker";
  private static final int BROKERS = 3;
  private static final int EACH = 20;

  private final Repository repository;
  private final Cluster cluster;
  private final Stage.Setting on;
  private final CleanupTimeline timeline = new CleanupTimeline();

  CleanupDemo(Stage.Setting on) {
    this.on = on;
    this.repository = on.repository();
    this.cluster = on.cluster();
  }

  /**
   * What it showed.
   *
   * @param before the messages that were sent
   * @param after the messages of the broker that is left
   * @param claims the claims that are left
   * @param timeline what happened when
   */
  record Outcome(
      Set<String> before, Set<String> after, List<String> claims, CleanupTimeline timeline) {

    /** Why this is not what Ebb promises; empty if it is. */
    String flaw() {
      if (before.size() != BROKERS * EACH) {
        return before.size() + " messages were sent, not " + BROKERS * EACH;
      }
      Set<String> lost = new HashSet<>(before);
      lost.removeAll(after);
      if (!lost.isEmpty()) {
        return lost.size() + " messages are lost: " + lost.stream().sorted().limit(3).toList();
      }
      return claims.equals(List.of("data-broker-0")) ? "" : "claims are left: " + claims;
    }
  }

  @Override
  public Outcome run() {
    Set<String> before = new HashSet<>();
    on.progress().step("three brokers in namespace " + NAMESPACE, this::deploy);
    on.progress()
        .step(
            EACH + " messages for each",
            () -> {
              for (int n = 0; n < BROKERS; n++) {
                ask(n, "/fill?count=" + EACH);
                before.addAll(messages(n));
              }
            });
    List<String> where = List.of("-n", NAMESPACE);
    try (Watch sets = watch("statefulsets", where, timeline::set);
        Watch pods = watch("pods", where, timeline::pod);
        Watch claims = watch("persistentvolumeclaims", where, timeline::claim);
        Watch volumes = watch("persistentvolumes", List.of(), timeline::volume)) {
      on.progress()
          .step(
              "scaling from three to one",
              () -> {
                kubectl("scale", "statefulset", NAME, "--replicas=1");
                Demo.await(() -> done() && volumes() == 1);
              });
    }
    return new Outcome(before, messages(0), claims(), timeline);
  }

  private Watch watch(
      String kind, List<String> where, java.util.function.ObjLongConsumer<JsonNode> receiver) {
    List<String> words = new ArrayList<>(List.of(kind));
    words.addAll(where);
    return Watch.start(cluster, words, receiver);
  }

  @Override
  public void remove() {
    cluster.kubectl("delete", "namespace", NAMESPACE, "--ignore-not-found", "--timeout=2m");
  }

  private String kubectl(String... words) {
    return cluster.kubectlIn(NAMESPACE, words).orThrow().out().strip();
  }

  private void deploy() {
    remove();
    cluster.kubectl("create", "namespace", NAMESPACE).orThrow();
    kubectl("apply", "-f", repository.root().resolve("samples/cleanup/broker.yaml").toString());
    kubectl("rollout", "status", "statefulset/" + NAME, "--timeout=3m");
  }

  private boolean done() {
    return kubectl("get", "sdc", "-o", "jsonpath={.items[*].status.state}").equals("Done Done");
  }

  private List<String> claims() {
    return words(kubectl("get", "pvc", "-o", "jsonpath={.items[*].metadata.name}"));
  }

  private int volumes() {
    String spaces =
        cluster
            .kubectl("get", "pv", "-o", "jsonpath={.items[*].spec.claimRef.namespace}")
            .orThrow()
            .out();
    return (int) words(spaces).stream().filter(NAMESPACE::equals).count();
  }

  private static List<String> words(String text) {
    return text.isBlank() ? List.of() : List.of(text.strip().split(" ", -1));
  }

  private String ask(int broker, String path) {
    String address = kubectl("get", "pod", NAME + "-" + broker, "-o", "jsonpath={.status.podIP}");
    JsonNode answer = Demo.get(cluster, "http://" + address + ":8080" + path);
    if (answer.path("status").asInt() != 200) {
      throw new ClusterException("broker-" + broker + " answers " + answer);
    }
    return answer.path("body").asString("");
  }

  private Set<String> messages(int broker) {
    return new HashSet<>(ask(broker, "/messages").lines().toList());
  }
}
