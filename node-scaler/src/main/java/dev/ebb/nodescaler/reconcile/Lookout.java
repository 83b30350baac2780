package dev.ebb.nodescaler.reconcile;

import dev.ebb.nodescaler.api.Node;
import dev.ebb.nodescaler.api.NodeBuffer;
import dev.ebb.nodescaler.api.PodTemplate;
import dev.ebb.nodescaler.api.ServerPod;
import dev.ebb.nodescaler.apply.Clouds;
import dev.ebb.nodescaler.plan.Buffer;
import dev.ebb.nodescaler.plan.Memory;
import dev.ebb.nodescaler.plan.Situation;
import dev.ebb.runtime.freeze.Freezes;
import dev.ebb.runtime.kube.Informer;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.scaler.ResourceKey;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Everything that the node-scaler watches, and the buffers that it finds. Thread-safe. */
public final class Lookout implements AutoCloseable {

  private final Informer<NodeBuffer> buffers;
  private final Informer<PodTemplate> templates;
  private final Informer<Node> nodes;
  private final Informer<ServerPod> pods;
  private final @Nullable Buffer configured;
  private final InstantSource clock;

  /** Each pod that changes asks for all buffers: they are read once for each change of theirs. */
  private final Map<ResourceKey, Parsed> known = new ConcurrentHashMap<>();

  private record Parsed(NodeBuffer object, @Nullable PodTemplate template, Buffer buffer) {}

  /**
   * Creates the informers; none is started.
   *
   * @param namespace the only namespace to look for NodeBuffers in; null for all. Nodes have none,
   *     and who runs on them must be known, so pods are looked at everywhere
   * @param configured the buffer that kubescaler's configuration makes; null for none
   */
  public Lookout(
      KubeClient client,
      @Nullable String namespace,
      @Nullable Buffer configured,
      InstantSource clock) {
    this.buffers = new Informer<>(client, NodeBuffer.TYPE, namespace, Map.of(), clock);
    this.templates = new Informer<>(client, PodTemplate.TYPE, namespace, Map.of(), clock);
    this.nodes = new Informer<>(client, Node.TYPE, null, Map.of(), clock);
    this.pods = new Informer<>(client, ServerPod.TYPE, null, Map.of(), clock);
    this.configured = configured;
    this.clock = clock;
    buffers.onChange(change -> {
      if (change.after() == null) {
        known.remove(change.any().key());
      }
    });
  }

  /** Returns the informer of NodeBuffers. */
  public Informer<NodeBuffer> buffers() {
    return buffers;
  }

  /** Returns the informer of PodTemplates. */
  public Informer<PodTemplate> templates() {
    return templates;
  }

  /** Returns the informer of nodes. */
  public Informer<Node> nodes() {
    return nodes;
  }

  /** Returns the informer of pods. */
  public Informer<ServerPod> pods() {
    return pods;
  }

  /** Returns all buffers that are not about to go. */
  public Stream<Buffer> all() {
    return Stream.concat(
        Optional.ofNullable(configured).stream(),
        buffers.list().stream()
            .filter(b -> !b.metadata().deleting())
            .filter(b -> configured == null || !b.key().equals(configured.key()))
            .map(this::read));
  }

  private Buffer read(NodeBuffer buffer) {
    PodTemplate template = template(buffer);
    Parsed parsed = known.get(buffer.key());
    if (parsed == null || parsed.object() != buffer || parsed.template() != template) {
      parsed = new Parsed(buffer, template, Buffer.of(buffer, template));
      known.put(buffer.key(), parsed);
    }
    return parsed.buffer();
  }

  private @Nullable PodTemplate template(NodeBuffer buffer) {
    String name = buffer.spec().slot() == null ? null : buffer.spec().slot().podTemplate();
    return name == null || name.isBlank()
        ? null
        : templates.get(new ResourceKey(buffer.metadata().namespace(), name.strip())).orElse(null);
  }

  /** Finds a buffer. */
  public Optional<Buffer> buffer(ResourceKey key) {
    return all().filter(b -> b.key().equals(key)).findFirst();
  }

  /** Finds a node. */
  Optional<Node> node(String name) {
    return nodes.get(new ResourceKey(name, name));
  }

  /** Returns the nodes that a buffer has marked. */
  Stream<Node> marked(ResourceKey buffer) {
    String name = Buffer.name(buffer);
    return nodes.list().stream()
        .filter(Node::draining)
        .filter(node -> name.equals(node.metadata().annotations().get(Node.BUFFER)));
  }

  /** Puts together what a decision stands on. */
  public Situation situation(Buffer buffer, Clouds.View cloud, Memory memory, Freezes freezes) {
    return new Situation(
        buffer,
        all().toList(),
        nodes.list(),
        pods.list(),
        cloud.pool(),
        cloud.problem(),
        memory,
        freezes.of(buffer.key().namespace()),
        clock.instant());
  }

  /** Returns all informers. */
  public List<Informer<?>> informers() {
    return List.of(buffers, templates, nodes, pods);
  }

  @Override
  public void close() {
    informers().forEach(Informer::close);
  }
}
