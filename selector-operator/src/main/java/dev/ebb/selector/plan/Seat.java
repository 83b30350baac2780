package dev.ebb.selector.plan;

import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.model.Condition;
import dev.ebb.runtime.model.Pod;
import dev.ebb.runtime.model.Workload;
import dev.ebb.selector.api.Marks;
import dev.ebb.selector.api.ServicePool.Via;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A pod of a pool, and whether it takes Services.
 *
 * @param pod the pod
 * @param host what it is to the assignment
 * @param standing whether it takes Services
 * @param changesAt when that changes by itself; null for never
 * @param set the StatefulSet that it is of; empty for none
 */
public record Seat(Pod pod, Host host, Standing standing, @Nullable Instant changesAt, String set) {

  /** Whether a pod takes Services. */
  public enum Standing {
    /** It takes them. */
    ELIGIBLE,
    /** It has been ready for too short a time, or is not published yet: it keeps what it has. */
    WARMING,
    /** It is not ready, but was a moment ago: it keeps what it has. */
    GRACE,
    /** It is not ready. */
    UNREADY,
    /** It is on its way out. */
    TERMINATING,
    /** Its StatefulSet is to have fewer pods: it will be on its way out. */
    CONDEMNED,
    /** It does not carry its own name as a label: no selector finds it. */
    UNLABELLED;

    /** Returns whether a pod keeps the Services that it has. */
    boolean keeps() {
      return this == ELIGIBLE || this == WARMING || this == GRACE;
    }
  }

  /**
   * Judges a pod.
   *
   * @param sets the StatefulSets of the namespace by name
   * @param published which pods Kubernetes publishes
   */
  static Seat of(Pool pool, Pod pod, Map<String, Workload> sets, Published published, Instant now) {
    Meta.Owner owner = pod.metadata().controller();
    String set = owner != null && owner.kind().equals("StatefulSet") ? owner.name() : "";
    Workload workload = owner == null ? null : sets.get(set);
    boolean same =
        workload != null && owner != null && workload.metadata().uid().equals(owner.uid());
    int ordinal = ordinal(pod.metadata());
    Host host = new Host(pod.metadata().name(), ordinal, weight(pod.metadata()));
    Workload known = same ? workload : null;
    Seat seat = judged(pool, pod, host, known, now, set);
    return seat.standing() == Standing.ELIGIBLE
            && pool.via() != Via.Slice
            && published.awaits(pod, known)
        ? new Seat(pod, host, Standing.WARMING, null, set)
        : seat;
  }

  private static Seat judged(
      Pool pool, Pod pod, Host host, @Nullable Workload set, Instant now, String name) {
    if (!host.name().equals(pod.metadata().labels().get(Marks.POD_NAME))) {
      return new Seat(pod, host, Standing.UNLABELLED, null, name);
    }
    if (pod.metadata().deleting() || pod.finished()) {
      return new Seat(pod, host, Standing.TERMINATING, null, name);
    }
    if (set != null && condemned(set, host.ordinal())) {
      return new Seat(pod, host, Standing.CONDEMNED, null, name);
    }
    if (pod.ready()) {
      Instant since = pod.readySince();
      Instant warm = since == null ? now : since.plus(pool.minReady());
      return now.isBefore(warm)
          ? new Seat(pod, host, Standing.WARMING, warm, name)
          : new Seat(pod, host, Standing.ELIGIBLE, null, name);
    }
    Instant since = unreadySince(pod);
    Instant end = since == null ? now : since.plus(pool.grace());
    return now.isBefore(end)
        ? new Seat(pod, host, Standing.GRACE, end, name)
        : new Seat(pod, host, Standing.UNREADY, null, name);
  }

  private static boolean condemned(Workload set, int ordinal) {
    int first = set.firstOrdinal();
    return set.metadata().deleting()
        || (ordinal >= 0 && (ordinal < first || ordinal >= first + set.replicas()));
  }

  private static @Nullable Instant unreadySince(Pod pod) {
    return pod.status().conditions().stream()
        .filter(c -> c.type().equals("Ready") && !c.isTrue())
        .findFirst()
        .map(Condition::lastTransitionTime)
        .orElse(null);
  }

  private static int ordinal(Meta meta) {
    String index = meta.labels().get(Marks.POD_INDEX);
    return Natural.number(index == null ? meta.name() : index);
  }

  /** Reads a weight; what is none counts as one. */
  static int weight(Meta meta) {
    String text = meta.annotations().getOrDefault(Marks.WEIGHT, "1").strip();
    return text.matches("[1-9][0-9]{0,3}") ? Integer.parseInt(text) : 1;
  }
}
