package dev.ebb.cleanup.plan;

import dev.ebb.cleanup.api.ScaleDownCleanup.ClaimRef;
import dev.ebb.cleanup.api.ScaleDownCleanup.State;
import dev.ebb.cleanup.api.ScaleDownCleanup.Status;
import dev.ebb.runtime.model.Conditions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Writes statuses: what is remembered of an ordinal, and what its user reads. Stateless. */
public final class Statuses {

  /** The condition that sums up. */
  public static final String READY = "Ready";

  private static final int LONGEST_MESSAGE = 1024;

  private Statuses() {}

  /** What is new in a status. */
  record Change(
      State state,
      String reason,
      String message,
      @Nullable String podUid,
      @Nullable Instant nextAttemptAt,
      @Nullable String template) {

    static Change of(State state, String reason, String message) {
      return new Change(state, reason, message, null, null, null);
    }

    /** Returns the same about a pod that goes. */
    Change condemning(String uid) {
      return new Change(state, reason, message, uid, nextAttemptAt, template);
    }

    Change again(Instant at) {
      return new Change(state, reason, message, podUid, at, template);
    }
  }

  /** Returns whether an ordinal that was here before begins anew. */
  private static boolean begins(Status before) {
    return before.state() == null
        || before.is(State.Done, State.Cancelled, State.Kept, State.Skipped, State.Returning);
  }

  private static boolean over(State state) {
    return switch (state) {
      case Done, Cancelled, Kept, Skipped -> true;
      case Waiting, Running, Finishing, Returning, Retrying, Held, Blocked -> false;
    };
  }

  static Status next(Member member, Change change, int attempts, Instant now) {
    Status before = member.status();
    Instant seconds = now.truncatedTo(ChronoUnit.SECONDS);
    boolean anew = begins(before) && !over(change.state()) && change.state() != State.Returning;
    Instant started = anew ? null : before.startedAt();
    if (change.state() == State.Running && started == null) {
      started = seconds;
    }
    boolean remembers = change.state() == State.Done || change.state() == State.Finishing;
    List<ClaimRef> claims =
        remembers || member.live().isEmpty()
            ? before.claims()
            : member.live().stream().map(ClaimRef::of).toList();
    String message =
        change.message().length() > LONGEST_MESSAGE
            ? change.message().substring(0, LONGEST_MESSAGE)
            : change.message();
    return new Status(
        change.state(),
        change.reason(),
        message,
        anew ? 0 : attempts,
        change.podUid(),
        started,
        over(change.state()) ? (before.is(change.state()) ? before.finishedAt() : seconds) : null,
        change.nextAttemptAt() == null
            ? null
            : change.nextAttemptAt().truncatedTo(ChronoUnit.SECONDS),
        change.template(),
        claims,
        new Conditions(
                before.conditions(),
                member.record() == null ? 1 : member.record().metadata().generation(),
                now)
            .set(READY, over(change.state()), change.reason(), message)
            .list());
  }

  /** Returns whether two statuses say the same, transition times aside. */
  public static boolean same(Status a, Status b) {
    return a.state() == b.state()
        && Objects.equals(a.reason(), b.reason())
        && Objects.equals(a.message(), b.message())
        && a.attempts() == b.attempts()
        && Objects.equals(a.podUid(), b.podUid())
        && Objects.equals(a.startedAt(), b.startedAt())
        && Objects.equals(a.finishedAt(), b.finishedAt())
        && Objects.equals(a.nextAttemptAt(), b.nextAttemptAt())
        && Objects.equals(a.template(), b.template())
        && a.claims().equals(b.claims())
        && a.conditions().size() == b.conditions().size()
        && IntStream.range(0, a.conditions().size())
            .allMatch(i -> a.conditions().get(i).sameAs(b.conditions().get(i)));
  }
}
