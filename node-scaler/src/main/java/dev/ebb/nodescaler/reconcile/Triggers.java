package dev.ebb.nodescaler.reconcile;

import dev.ebb.nodescaler.api.Node;
import dev.ebb.nodescaler.api.NodeBuffer;
import dev.ebb.nodescaler.api.ServerPod;
import dev.ebb.nodescaler.plan.Buffer;
import dev.ebb.runtime.kube.Informer.Change;
import dev.ebb.scaler.ResourceKey;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Says which buffers a change concerns. Handlers only add keys to queues. Thread-safe. */
public final class Triggers {

  private final Lookout lookout;
  private final Consumer<ResourceKey> keys;

  /**
   * Creates the triggers.
   *
   * @param keys takes the buffers that are to be looked at
   */
  public Triggers(Lookout lookout, Consumer<ResourceKey> keys) {
    this.lookout = lookout;
    this.keys = keys;
  }

  /** Starts listening; before the informers are started. */
  public void follow() {
    lookout.buffers().onChange(this::onBuffer);
    lookout
        .templates()
        .onChange(change -> {
          String namespace = change.any().metadata().namespace();
          buffers(buffer -> buffer.key().namespace().equals(namespace));
        });
    lookout.nodes().onChange(this::onNode);
    lookout.pods().onChange(this::onPod);
  }

  private void onBuffer(Change<NodeBuffer> change) {
    NodeBuffer before = change.before();
    NodeBuffer after = change.after();
    if (before != null
        && after != null
        && before.spec().equals(after.spec())
        && before.metadata().annotations().equals(after.metadata().annotations())
        && before.metadata().deleting() == after.metadata().deleting()) {
      // A status, most likely its own.
      return;
    }
    keys.accept(change.any().key());
    // Whose nodes and servers these are may have changed for all others.
    buffers(buffer -> true);
  }

  private void onNode(Change<Node> change) {
    Node before = change.before();
    Node after = change.after();
    if (Objects.equals(seen(before), seen(after))) {
      // A heartbeat.
      return;
    }
    Stream.of(before, after)
        .filter(Objects::nonNull)
        .map(node -> node.metadata().annotations().get(Node.BUFFER))
        .filter(Objects::nonNull)
        .forEach(this::named);
    buffers(buffer -> means(buffer, before) || means(buffer, after));
  }

  private void named(String buffer) {
    String[] parts = buffer.split("/", 2);
    if (parts.length == 2 && !parts[0].isEmpty() && !parts[1].isEmpty()) {
      keys.accept(new ResourceKey(parts[0], parts[1]));
    }
  }

  private static boolean means(Buffer buffer, @Nullable Node node) {
    return node != null && buffer.belonging().nodes().test(node.metadata().labels());
  }

  private record SeenNode(
      String uid,
      boolean deleting,
      Object labels,
      Object annotations,
      Node.Spec spec,
      Object allocatable,
      Object readiness) {}

  private static @Nullable SeenNode seen(@Nullable Node node) {
    return node == null
        ? null
        : new SeenNode(
            node.metadata().uid(),
            node.metadata().deleting(),
            node.metadata().labels(),
            node.metadata().annotations(),
            node.spec(),
            node.status().allocatable(),
            node.readiness().map(c -> c.status() + c.reason() + c.lastTransitionTime()));
  }

  private void onPod(Change<ServerPod> change) {
    ServerPod before = change.before();
    ServerPod after = change.after();
    if (!Objects.equals(seen(before), seen(after))) {
      buffers(buffer -> concerns(buffer, before) || concerns(buffer, after));
    }
  }

  private record SeenPod(
      String uid, boolean finished, boolean deleting, ServerPod.Spec spec, Object labels) {}

  private static @Nullable SeenPod seen(@Nullable ServerPod pod) {
    return pod == null
        ? null
        : new SeenPod(
            pod.metadata().uid(),
            pod.finished(),
            pod.metadata().deleting(),
            pod.spec(),
            pod.metadata().labels());
  }

  /** A server of it, or whatever takes room on its nodes. */
  private boolean concerns(Buffer buffer, @Nullable ServerPod pod) {
    if (pod == null) {
      return false;
    }
    if (buffer.belonging().servers().test(pod.metadata().labels())) {
      return true;
    }
    String node = pod.spec().nodeName();
    return !node.isEmpty() && lookout.node(node).filter(n -> means(buffer, n)).isPresent();
  }

  private void buffers(Predicate<Buffer> concerned) {
    lookout.all().filter(concerned).map(Buffer::key).forEach(keys);
  }

  /** Adds everything, for who begins to lead. */
  public void addAll() {
    addAll("");
  }

  /**
   * Adds what lies in a namespace, when a freeze begins or ends.
   *
   * @param namespace where; empty for everywhere
   */
  public void addAll(String namespace) {
    buffers(buffer -> namespace.isEmpty() || buffer.key().namespace().equals(namespace));
    lookout.nodes().list().stream()
        .filter(Node::draining)
        .map(node -> node.metadata().annotations().get(Node.BUFFER))
        .filter(Objects::nonNull)
        .filter(name -> namespace.isEmpty() || name.startsWith(namespace + "/"))
        .distinct()
        .forEach(this::named);
  }
}
