package dev.ebb.nodescaler.plan;

import dev.ebb.nodescaler.api.Node;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Finds who has a buffer's pool or nodes already. Two that decide about the same nodes would grow
 * the pool twice, and each would take the other's free slots for its own: the older one has them,
 * the other does nothing. Stateless.
 */
final class Rivals {

  private static final Comparator<Buffer> AGE =
      Comparator.comparing(Buffer::created).thenComparing(Buffer::key);

  private Rivals() {}

  static Optional<Held> of(Situation situation) {
    Buffer buffer = situation.buffer();
    if (!buffer.acts()) {
      return Optional.empty();
    }
    List<Buffer> older =
        situation.all().stream()
            .filter(other -> other.acts() && AGE.compare(other, buffer) < 0)
            .sorted(AGE)
            .toList();
    for (Buffer other : older) {
      if (other.pool().equals(buffer.pool())) {
        return Optional.of(
            new Held(
                "PoolTaken",
                "buffer %s has this pool and is older; delete one of both"
                    .formatted(Buffer.name(other.key()))));
      }
      Optional<String> shared =
          situation.nodes().stream()
              .filter(node -> both(node, buffer, other))
              .map(node -> node.metadata().name())
              .min(Comparator.naturalOrder());
      if (shared.isPresent()) {
        return Optional.of(
            new Held(
                "NodesTaken",
                "buffer %s is older and has node %s too; let spec.pool.nodeSelector select others"
                    .formatted(Buffer.name(other.key()), shared.get())));
      }
    }
    return Optional.empty();
  }

  private static boolean both(Node node, Buffer a, Buffer b) {
    return a.belonging().nodes().test(node.metadata().labels())
        && b.belonging().nodes().test(node.metadata().labels());
  }
}
