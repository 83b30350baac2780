package dev.ebb.cleanup.plan;

import dev.ebb.cleanup.api.Claim;
import dev.ebb.cleanup.api.ScaleDownCleanup.State;
import dev.ebb.cleanup.api.ScaleDownCleanup.Status;
import dev.ebb.cleanup.api.SetPod;
import dev.ebb.cleanup.plan.Statuses.Change;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides for an ordinal whose name is free, or its set's own pod's. Stateless. */
final class Unlocked {

  private static final String REFUSED = "Refused";
  private static final String SETTLING = "Settling";

  private final Case about;
  private final List<Member> members;

  Unlocked(Case about, List<Member> members) {
    this.about = about;
    this.members = members;
  }

  /**
   * Decides.
   *
   * @param turn whether another cleanup pod may be made
   * @param blocked whether one of the ordinals above is not at its end
   */
  Plan.Ordinal decide(Member member, boolean turn, boolean blocked) {
    return about.set().wants(member.ordinal()) ? wanted(member) : leftOver(member, turn, blocked);
  }

  private Plan.Ordinal wanted(Member member) {
    Status status = member.status();
    boolean open =
        status.state() != null
            && !status.is(State.Done, State.Cancelled, State.Kept, State.Skipped);
    if (!open) {
      return Case.of(member, false);
    }
    List<Step> steps = new ArrayList<>();
    boolean locked =
        status.is(State.Running, State.Finishing, State.Returning, State.Retrying, State.Held);
    if (locked && member.pod() == null) {
      steps.add(new Step.Touch(member.ordinal()));
    }
    Change change =
        status.is(State.Finishing)
            ? Change.of(State.Done, "CleanupSuccess", "cleaned up, and wanted again")
            : Change.of(State.Cancelled, "ScaledUp", "wanted again; what was there was kept");
    about.note(member, change).ifPresent(steps::add);
    return new Plan.Ordinal(member.ordinal(), change.state(), change.message(), steps, false);
  }

  private Plan.Ordinal leftOver(Member member, boolean turn, boolean blocked) {
    List<Claim> live = member.live();
    if (member.pod() != null) {
      return stillThere(member, member.pod(), blocked);
    }
    Status status = member.status();
    if (live.isEmpty()) {
      boolean open =
          status.is(State.Waiting, State.Running, State.Finishing, State.Retrying)
              || status.is(State.Held, State.Blocked, State.Returning);
      return open
          ? about.noted(
              member, false, Change.of(State.Done, "CleanupSuccess", "nothing is left of it"))
          : Case.of(member, false);
    }
    if (member.request().isPresent()) {
      return about.requested(member, null, member.request().get());
    }
    if (status.is(State.Skipped, State.Kept) && status.about(live)) {
      return new Plan.Ordinal(member.ordinal(), status.state(), "", List.of(), false);
    }
    if (status.is(State.Held) && Case.STOPPED.equals(status.reason()) && status.about(live)) {
      return Case.of(member, true);
    }
    Template template = about.template();
    if (template == null || about.deletedUnasked() || about.known(live)) {
      boolean open =
          status.is(State.Waiting, State.Running, State.Retrying, State.Held, State.Blocked);
      return open && template == null
          ? about.noted(
              member, false, Change.of(State.Cancelled, "NoTemplate", "there is no template"))
          : Case.of(member, false);
    }
    Change obstacle = obstacle(member, template, turn);
    if (obstacle != null) {
      boolean stays = about.first(member) && !about.policy().cleanFirst();
      return about.noted(member, !stays, obstacle).until(obstacle.nextAttemptAt());
    }
    List<Step> steps = new ArrayList<>();
    about
        .note(member, Change.of(State.Running, "Running", "the cleanup pod runs"))
        .ifPresent(steps::add);
    steps.add(new Step.CreatePod(member.ordinal(), member.uids(), template.id()));
    return new Plan.Ordinal(member.ordinal(), State.Running, "begins", steps, true);
  }

  /** A set that is deleted, and whose user wants it cleaned up, loses its pods by our hand. */
  private Plan.Ordinal stillThere(Member member, SetPod pod, boolean blocked) {
    boolean ours =
        about.set().metadata().deleting()
            && !about.deletedUnasked()
            && about.template() != null
            && (pod.metadata().ownerReferences().stream()
                    .anyMatch(o -> o.uid().equals(about.set().metadata().uid()))
                || about.set().selects(pod.metadata().labels()));
    if (ours && !pod.metadata().deleting() && (!about.set().ordered() || !blocked)) {
      return Case.of(member, true, new Step.DeletePod(pod, false));
    }
    return Case.of(member, ours || !member.live().isEmpty());
  }

  /** Returns why a cleanup does not begin now; null when it does. */
  private @Nullable Change obstacle(Member member, Template read, boolean turn) {
    Status status = member.status();
    if (!member.doubtful().isEmpty()) {
      return Change.of(State.Blocked, "AmbiguousClaim", member.doubtful().getFirst().message());
    }
    if (about.set().deletesWhenScaled() && !about.set().metadata().deleting()) {
      return Change.of(
          State.Blocked,
          "RetentionPolicyConflict",
          "Kubernetes itself deletes the claims when the set is scaled down; write Retain");
    }
    if (read.problem() != null) {
      return Change.of(State.Blocked, "InvalidTemplate", "the template: " + read.problem());
    }
    if (status.is(State.Blocked)
        && REFUSED.equals(status.reason())
        && read.id().equals(status.template())) {
      return new Change(
          State.Blocked, REFUSED, Case.text(status.message()), null, null, status.template());
    }
    if (about.first(member) && !about.policy().cleanFirst()) {
      return Change.of(
          State.Waiting, "FirstOrdinal", "the first ordinal is only cleaned up when told so");
    }
    if (member.going()) {
      return Change.of(State.Waiting, "ClaimGoes", "waits until a claim that is deleted is gone");
    }
    Instant next = status.nextAttemptAt();
    if (status.is(State.Retrying) && next != null && about.now().isBefore(next)) {
      return Change.of(State.Retrying, Case.text(status.reason()), Case.text(status.message()))
          .condemning(Case.text(status.podUid()))
          .again(next);
    }
    return wait(member, turn);
  }

  private @Nullable Change wait(Member member, boolean turn) {
    if (!about.policy().settle().isZero() && !member.status().is(State.Running, State.Retrying)) {
      boolean settling = SETTLING.equals(member.status().reason());
      Instant until =
          settling ? member.status().nextAttemptAt() : about.now().plus(about.policy().settle());
      if (until != null && about.now().isBefore(until)) {
        return Change.of(State.Waiting, SETTLING, "waits whether it stays unwanted").again(until);
      }
    }
    if (!turn) {
      return Change.of(State.Waiting, "NotItsTurn", "others are cleaned up before");
    }
    Optional<String> missing = notReady();
    return missing
        .map(pod ->
            Change.of(State.Waiting, "PeersNotReady", "waits until pod " + pod + " is Ready"))
        .orElse(null);
  }

  private Optional<String> notReady() {
    int wanted =
        switch (about.policy().requireReady()) {
          case None -> 0;
          case First -> Math.min(1, about.set().metadata().deleting() ? 0 : about.set().replicas());
          case All -> about.set().metadata().deleting() ? 0 : about.set().replicas();
        };
    for (int n = about.set().start(); n < about.set().start() + wanted; n++) {
      int ordinal = n;
      boolean ready =
          members.stream()
              .filter(m -> m.ordinal() == ordinal && m.lock() == null)
              .anyMatch(m -> m.pod() != null && m.pod().ready());
      if (!ready) {
        return Optional.of(about.set().podName(n));
      }
    }
    return Optional.empty();
  }

  /** Returns what is written down when the API server will not take the cleanup pod as it is. */
  static Status refused(Member member, String template, String message, Instant now) {
    return Statuses.next(
        member,
        new Change(
            State.Blocked,
            REFUSED,
            "the API server refuses the cleanup pod: " + message,
            null,
            null,
            template),
        member.status().attempts(),
        now);
  }
}
