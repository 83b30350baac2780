package dev.ebb.selector.plan;

import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.model.Service;
import dev.ebb.selector.api.Marks;
import dev.ebb.selector.api.ServicePool.Via;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A Service of a pool with what it remembers.
 *
 * @param service the Service
 * @param ours whether this pool has written it before
 * @param decided the pod that it belongs to: what was written, or what it points at when nothing
 *     was
 * @param actual the pod that it points at; null for none
 * @param homePod the pod that it had to leave; null for none
 * @param leftAt when it had to; null for never
 * @param movedAt when it was written last; null for never
 */
public record Member(
    Service service,
    boolean ours,
    @Nullable String decided,
    @Nullable String actual,
    @Nullable String homePod,
    @Nullable Instant leftAt,
    @Nullable Instant movedAt) {

  /** Reads a Service. */
  static Member of(Pool pool, Service service) {
    Meta meta = service.metadata();
    boolean ours = pool.key().name().equals(meta.annotations().get(Marks.POOL));
    String written = ours ? meta.annotations().get(Marks.POD) : null;
    // A slice follows what is decided; nobody else writes it.
    String actual =
        pool.via() == Via.Slice ? written : service.spec().selector().get(Marks.POD_NAME);
    String[] home = meta.annotations().getOrDefault(Marks.HOME, "").split(" ", 2);
    Instant left = home.length == 2 ? instant(home[1]) : null;
    return new Member(
        service,
        ours,
        ours ? (written == null || written.isEmpty() ? null : written) : actual,
        actual,
        left == null ? null : home[0],
        left,
        ours ? instant(meta.annotations().getOrDefault(Marks.MOVED, "")) : null);
  }

  private static @Nullable Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      return null;
    }
  }

  String name() {
    return service.metadata().name();
  }

  /** Returns whether somebody else has changed what was written. */
  boolean foreignWrite() {
    return ours && !java.util.Objects.equals(decided, actual);
  }

  /** Returns the pod that it goes back to, while that is not too long ago. */
  @Nullable String home(Pool pool, Instant now) {
    return leftAt != null && now.isBefore(leftAt.plus(pool.homeWindow())) ? homePod : null;
  }

  Bucket bucket(Pool pool, Instant now) {
    return new Bucket(
        name(), Natural.number(name()), Seat.weight(service.metadata()), decided, home(pool, now));
  }
}
