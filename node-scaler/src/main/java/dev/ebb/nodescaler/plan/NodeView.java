package dev.ebb.nodescaler.plan;

import dev.ebb.nodescaler.api.Resources;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node of the pool and what is on it.
 *
 * @param name its name
 * @param created when it registered
 * @param readiness whether it is up
 * @param readinessSince when that changed last
 * @param repels why no server is scheduled there, whoever wants it so; null when nothing repels
 * @param mark since when Ebb keeps new servers away; null when it does not
 * @param deletingSince since when the cloud is asked to delete it; null when it is not
 * @param leaving whether its Node object or its machine is being deleted
 * @param allocatable what it offers
 * @param pods what is on it, without what has ended
 */
public record NodeView(
    String name,
    Instant created,
    Readiness readiness,
    Instant readinessSince,
    @Nullable String repels,
    @Nullable Instant mark,
    @Nullable Instant deletingSince,
    boolean leaving,
    Resources allocatable,
    List<PodView> pods) {

  /** Copies the list. */
  public NodeView {
    pods = List.copyOf(pods);
  }

  /** Whether a node is up. */
  public enum Readiness {
    /** It takes pods. */
    READY,
    /** It was never up. */
    STARTING,
    /** It was up. */
    LOST
  }

  /** Returns whether it goes, by whomever. */
  public boolean going() {
    return leaving || deletingSince != null;
  }

  /** Returns how many of its pods must not be ended. */
  public int protectedPods() {
    return (int) pods.stream().filter(PodView::kept).count();
  }

  /** Returns how many servers are on it. */
  public int servers() {
    return (int) pods.stream().filter(PodView::server).count();
  }

  /** Returns what pods have taken of it. */
  Resources taken(Resources slot) {
    return sum(pods, slot);
  }

  /** Returns what belongs to the node itself. */
  Resources ownPods(Resources slot) {
    return sum(pods.stream().filter(PodView::ofTheNode).toList(), slot);
  }

  private static Resources sum(List<PodView> pods, Resources slot) {
    Resources places = Resources.of(Resources.PODS, pods.size() * 1000L);
    return Resources.sum(() -> pods.stream().map(pod -> pod.takes(slot)).iterator()).plus(places);
  }
}
