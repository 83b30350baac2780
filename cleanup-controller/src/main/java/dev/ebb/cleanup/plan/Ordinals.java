package dev.ebb.cleanup.plan;

import dev.ebb.cleanup.api.ScaleDownCleanup.State;
import dev.ebb.cleanup.api.ScaleDownCleanup.Status;
import dev.ebb.cleanup.api.StatefulSet;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides for the ordinals of a set, the highest first: with each decision it knows better whether
 * the next one's turn has come. Not thread-safe.
 */
final class Ordinals {

  private final Case about;
  private final Locked locked;
  private final Unlocked unlocked;
  private final Set<String> stays = new HashSet<>();
  private int locks;
  private boolean blocked;
  private boolean clean = true;
  private @Nullable Instant lookAgain;

  /**
   * Begins.
   *
   * @param template null when nothing is to be cleaned up
   */
  Ordinals(
      StatefulSet set,
      Policy policy,
      @Nullable Template template,
      List<Member> members,
      Instant now) {
    this.about = new Case(set, policy, template, now);
    this.locked = new Locked(about);
    this.unlocked = new Unlocked(about, List.copyOf(members));
    this.locks = (int) members.stream().filter(m -> m.lock() != null).count();
  }

  /** Decides for the next ordinal. */
  Plan.Ordinal plan(Member member) {
    Plan.Ordinal decided = decide(member);
    if (decided.steps().stream().anyMatch(Step.CreatePod.class::isInstance)) {
      locks++;
    }
    blocked |= decided.blocks();
    Instant again = decided.lookAgain();
    if (again != null && again.isAfter(about.now())) {
      lookAgain = Planner.earlier(lookAgain, again);
    }
    if (stays(member)) {
      member.live().forEach(claim -> stays.add(claim.metadata().uid()));
    }
    clean &=
        member.lock() == null && member.pod() == null && stays.containsAll(member.uids().values());
    return decided;
  }

  private Plan.Ordinal decide(Member member) {
    if (member.record() != null
        && !member.record().spec().statefulSetUid().equals(about.set().metadata().uid())) {
      // Of a set of the same name that is gone.
      return Case.of(member, true, new Step.DropRecord(member.record()));
    }
    return member.lock() != null
        ? locked.decide(member, member.lock())
        : unlocked.decide(member, turn(), blocked);
  }

  private boolean turn() {
    return about.set().ordered() ? !blocked && locks == 0 : locks < about.policy().maxParallel();
  }

  private boolean stays(Member member) {
    Status status = member.status();
    return (status.is(State.Skipped, State.Kept) && status.about(member.live()))
        || about.known(member.live())
        || (about.first(member) && !about.policy().cleanFirst());
  }

  /** Returns whether nothing is left of all ordinals so far, but what is to stay. */
  boolean clean() {
    return clean;
  }

  /** Returns the UIDs of the claims that are to stay. */
  Set<String> stays() {
    return stays;
  }

  /** Returns when a decision may change by itself; null for never. */
  @Nullable Instant lookAgain() {
    return lookAgain;
  }
}
