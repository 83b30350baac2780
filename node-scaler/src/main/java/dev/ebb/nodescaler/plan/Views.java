package dev.ebb.nodescaler.plan;

import dev.ebb.nodescaler.api.Node;
import dev.ebb.nodescaler.api.Node.Taint;
import dev.ebb.nodescaler.api.ServerPod;
import dev.ebb.nodescaler.plan.NodeView.Readiness;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.model.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads nodes and pods as a buffer sees them. Pure. */
public final class Views {

  /** What Kubernetes itself says by taints is read from elsewhere: readiness and cordons. */
  private static final Set<String> TOLD_OTHERWISE =
      Set.of(
          "node.kubernetes.io/not-ready",
          "node.kubernetes.io/unreachable",
          "node.kubernetes.io/unschedulable");

  /** A node that its cloud has not looked at yet. */
  private static final String UNINITIALIZED = "node.cloudprovider.kubernetes.io/uninitialized";

  private static final String NEVER_UP = "NodeStatusNeverUpdated";

  /** A condition that changed so soon after the node came was never true before. */
  private static final Duration AT_ONCE = Duration.ofSeconds(10);

  private final Belonging belonging;
  private final Instant now;

  private Views(Belonging belonging, Instant now) {
    this.belonging = belonging;
    this.now = now;
  }

  /**
   * What a buffer sees.
   *
   * @param nodes its nodes, by their names
   * @param waiting its servers that have no node yet
   */
  public record Seen(List<NodeView> nodes, List<PodView> waiting) {}

  /**
   * Reads everything.
   *
   * @param leaving names of nodes whose machines are going
   */
  public static Seen of(
      Belonging belonging,
      Collection<Node> nodes,
      Collection<ServerPod> pods,
      Set<String> leaving,
      Instant now) {
    Views views = new Views(belonging, now);
    List<Node> own =
        nodes.stream()
            .filter(node -> belonging.nodes().test(node.metadata().labels()))
            .sorted(Comparator.comparing(node -> node.metadata().name()))
            .toList();
    Map<String, List<PodView>> byNode = new HashMap<>();
    own.forEach(node -> byNode.put(node.metadata().name(), new ArrayList<>()));
    List<PodView> waiting = new ArrayList<>();
    for (ServerPod pod : pods) {
      if (pod.finished()) {
        continue;
      }
      String node = pod.spec().nodeName();
      if (node.isEmpty()) {
        PodView view = views.pod(pod);
        if (view.server() && !pod.spec().gated() && !pod.metadata().deleting()) {
          waiting.add(view);
        }
        continue;
      }
      List<PodView> there = byNode.get(node);
      // The pods of other nodes are most of a cluster's.
      if (there != null) {
        there.add(views.pod(pod));
      }
    }
    List<NodeView> seen =
        own.stream()
            .map(node -> {
              String name = node.metadata().name();
              return views.node(node, byNode.getOrDefault(name, List.of()), leaving.contains(name));
            })
            .toList();
    return new Seen(seen, waiting);
  }

  /** Reads one pod. */
  public static PodView of(Belonging belonging, ServerPod pod, Instant now) {
    return new Views(belonging, now).pod(pod);
  }

  /** Reads one node. */
  public static NodeView of(
      Belonging belonging, Node node, Collection<ServerPod> pods, Instant now) {
    Views views = new Views(belonging, now);
    return views.node(
        node, pods.stream().filter(pod -> !pod.finished()).map(views::pod).toList(), false);
  }

  private PodView pod(ServerPod pod) {
    Meta meta = pod.metadata();
    boolean own = pod.daemon() || pod.mirror();
    boolean server = !own && belonging.servers().test(meta.labels());
    boolean kept =
        !own && (belonging.keeps(meta.labels()) || belonging.others().test(meta.labels()));
    return new PodView(
        meta.namespace() + "/" + meta.name(),
        created(meta),
        server,
        kept,
        own,
        pod.spec().requests());
  }

  private Instant created(Meta meta) {
    return meta.creationTimestamp() == null ? now : meta.creationTimestamp();
  }

  private NodeView node(Node node, List<PodView> pods, boolean leaving) {
    Meta meta = node.metadata();
    Instant created = created(meta);
    Condition ready = node.readiness().orElse(null);
    Instant since =
        ready == null || ready.lastTransitionTime() == null ? created : ready.lastTransitionTime();
    boolean own = mine(node);
    return new NodeView(
        meta.name(),
        created,
        readiness(node, ready, since, created),
        since,
        repels(node, own),
        own ? mark(node) : null,
        own ? node.time(Node.DELETING) : null,
        leaving || meta.deleting(),
        node.status().allocatable(),
        pods);
  }

  private static Readiness readiness(
      Node node, @Nullable Condition ready, Instant since, Instant created) {
    boolean untouched = node.spec().taints().stream().anyMatch(t -> t.key().equals(UNINITIALIZED));
    if (untouched || ready == null || ready.reason().equals(NEVER_UP)) {
      return Readiness.STARTING;
    }
    if (ready.isTrue()) {
      return Readiness.READY;
    }
    return since.isAfter(created.plus(AT_ONCE)) ? Readiness.LOST : Readiness.STARTING;
  }

  /** Whether this buffer, or kubescaler before it, keeps servers away. */
  private boolean mine(Node node) {
    if (node.draining()) {
      return belonging.buffer().equals(node.metadata().annotations().get(Node.BUFFER));
    }
    return cordonedByKubescaler(node);
  }

  private boolean cordonedByKubescaler(Node node) {
    return belonging.kubescaler()
        && node.spec().unschedulable()
        && node.time(Node.KUBESCALER) != null;
  }

  /** Since when; without a time that can be read it begins anew, and so never ends too early. */
  private Instant mark(Node node) {
    if (!node.draining()) {
      Instant cordoned = node.time(Node.KUBESCALER);
      return cordoned == null ? now : cordoned;
    }
    Instant since = node.time(Node.SINCE);
    return since == null || since.isAfter(now) ? now : since;
  }

  private @Nullable String repels(Node node, boolean own) {
    if (node.spec().unschedulable() && !(own && cordonedByKubescaler(node))) {
      return "it is cordoned";
    }
    for (Taint taint : node.spec().taints()) {
      boolean ours = own && taint.key().equals(Node.DRAINING);
      boolean counts =
          taint.repels()
              && !ours
              && !TOLD_OTHERWISE.contains(taint.key())
              && !taint.key().equals(UNINITIALIZED);
      // Another buffer's taint holds whatever servers tolerate.
      if (counts && (taint.key().equals(Node.DRAINING) || !belonging.tolerates(taint))) {
        return "taint " + taint.key();
      }
    }
    return null;
  }
}
