package dev.ebb.nodescaler.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.nodescaler.api.Node;
import dev.ebb.nodescaler.api.NodeBuffer;
import dev.ebb.nodescaler.api.Resources;
import dev.ebb.nodescaler.api.ServerPod;
import dev.ebb.runtime.config.RuntimeAutoConfiguration;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.model.Condition;
import dev.ebb.scaler.nodes.NodePool;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A decision for a large pool, and how long it takes: that is printed, not judged here. */
class DecisionTimeTest {

  private static final int NODES = 1000;
  private static final int PODS = 30;
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private static Buffer buffer() {
    return Buffer.of(
        RuntimeAutoConfiguration.kubernetesJson()
            .readValue(
                """
                {"metadata": {"name": "arena", "namespace": "games", "uid": "u"},
                 "spec": {"pool": {"provider": "fake", "nodeSelector": "role=games", "maxNodes": 2000},
                   "servers": {"selector": "app=arena"}, "slot": {"resources": {"cpu": "100m", "memory": "256Mi"}},
                   "free": {"slots": 2000}}}
                """,
                NodeBuffer.class),
        null);
  }

  private static Meta meta(String name, Map<String, String> labels) {
    return new Meta(
        name,
        "games",
        name,
        "1",
        1,
        NOW.minusSeconds(10_000),
        null,
        labels,
        Map.of(),
        List.of(),
        List.of());
  }

  private static Situation situation() {
    Resources offers = Resources.decode(Map.of("cpu", "3900m", "memory", "12Gi", "pods", "110"));
    Resources takes = Resources.decode(Map.of("cpu", "100m", "memory", "256Mi"));
    List<Node> nodes = new ArrayList<>();
    List<ServerPod> pods = new ArrayList<>();
    for (int n = 0; n < NODES; n++) {
      Condition ready =
          new Condition("Ready", "True", "Kubelet", "", null, NOW.minusSeconds(9_000));
      nodes.add(
          new Node(
              meta("node-" + n, Map.of("role", "games")),
              new Node.Spec(false, "", List.of()),
              new Node.Status(offers, List.of(ready))));
      for (int p = 0; p < PODS; p++) {
        pods.add(
            new ServerPod(
                meta("pod-" + n + "-" + p, Map.of("app", "arena")),
                new ServerPod.Spec("node-" + n, takes, false),
                new ServerPod.Status("Running")));
      }
    }
    Buffer buffer = buffer();
    return new Situation(
        buffer,
        List.of(buffer),
        nodes,
        pods,
        new NodePool(NODES, false, List.of()),
        "",
        Memory.NONE,
        Optional.empty(),
        NOW);
  }

  @Test
  void aThousandNodesWithThirtyThousandPods() {
    Situation situation = situation();
    long[] nanos = new long[60];
    Decision decision = Decider.decide(situation);
    for (int i = 0; i < nanos.length; i++) {
      long begin = System.nanoTime();
      decision = Decider.decide(situation);
      nanos[i] = System.nanoTime() - begin;
    }

    long[] warm = Arrays.copyOfRange(nanos, nanos.length / 2, nanos.length);
    Arrays.sort(warm);
    System.out.printf(
        "a decision for %d nodes and %d pods: median %.1f ms, slowest of %d %.1f ms, the first %.1f ms%n",
        NODES,
        NODES * PODS,
        warm[warm.length / 2] / 1e6,
        warm.length,
        warm[warm.length - 1] / 1e6,
        nanos[0] / 1e6);
    assertThat(decision.plan().counts().used()).isEqualTo(NODES * PODS);
    assertThat(decision.plan().counts().free()).isEqualTo(9 * NODES);
    assertThat(decision.steps()).isNotEmpty();
  }
}
