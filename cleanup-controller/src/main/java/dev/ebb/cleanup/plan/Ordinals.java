package dev.ebb.cleanup.plan;

import dev.ebb.cleanup.api.Claim;
import dev.ebb.cleanup.api.Names;
import dev.ebb.cleanup.api.ScaleDownCleanup.State;
import dev.ebb.cleanup.api.ScaleDownCleanup.Status;
import dev.ebb.cleanup.api.SetPod;
import dev.ebb.cleanup.api.StatefulSet;
import dev.ebb.cleanup.plan.Statuses.Change;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides for the ordinals of a set, the highest first: with each decision it knows better whether
 * the next one's turn has come. What is written down is written before what it is about is done, so
 * that whoever comes after a crash knows what was meant. Not thread-safe.
 */
final class Ordinals {

  private static final Duration FIRST_RETRY = Duration.ofSeconds(10);
  private static final Duration LONGEST_RETRY = Duration.ofMinutes(5);
  private static final String STOPPED = "Stopped";
  private static final String REFUSED = "Refused";
  private static final String SETTLING = "Settling";

  private final StatefulSet set;
  private final Policy policy;
  private final @Nullable Template template;
  private final List<Member> members;
  private final Instant now;
  private int locks;
  private boolean blocked;
  private final Set<String> stays = new HashSet<>();
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
    this.set = set;
    this.policy = policy;
    this.template = template;
    this.members = List.copyOf(members);
    this.now = now;
    this.locks = (int) members.stream().filter(m -> m.lock() != null).count();
  }

  /** Decides for the next ordinal. */
  Plan.Ordinal plan(Member member) {
    Plan.Ordinal decided = decide(member);
    blocked |= decided.blocks();
    if (stays(member)) {
      member.live().forEach(claim -> stays.add(claim.metadata().uid()));
    }
    clean &=
        member.lock() == null && member.pod() == null && stays.containsAll(member.uids().values());
    return decided;
  }

  /** Returns whether nothing is left of all ordinals so far, but what is to stay. */
  boolean clean() {
    return clean;
  }

  /** Returns the UIDs of the claims that are to stay. */
  Set<String> stays() {
    return stays;
  }

  private boolean stays(Member member) {
    Status status = member.status();
    return (status.is(State.Skipped, State.Kept) && status.about(member.live()))
        || known(member.live())
        || (first(member) && !policy.cleanFirst());
  }

  /** Returns when a decision may change by itself; null for never. */
  @Nullable Instant lookAgain() {
    return lookAgain;
  }

  private Plan.Ordinal decide(Member member) {
    if (member.record() != null
        && !member.record().spec().statefulSetUid().equals(set.metadata().uid())) {
      // Of a set of the same name that is gone.
      return of(member, true, new Step.DropRecord(member.record()));
    }
    if (member.lock() != null) {
      return withLock(member, member.lock());
    }
    return set.wants(member.ordinal()) ? wanted(member) : leftOver(member);
  }

  // Under a lock.

  private Plan.Ordinal withLock(Member member, Lock lock) {
    SetPod pod = lock.pod();
    if (pod.metadata().deleting()) {
      return of(member, true);
    }
    Status status = member.status();
    boolean condemned =
        pod.metadata().uid().equals(status.podUid())
            && (status.is(State.Skipped, State.Kept, State.Retrying, State.Cancelled)
                || status.is(State.Returning)
                || (status.is(State.Held) && STOPPED.equals(status.reason())));
    if (condemned || lock.stale(set)) {
      return of(member, true, new Step.DeletePod(pod, true));
    }
    if (template == null) {
      return release(
          member, pod, Change.of(State.Cancelled, "NoTemplate", "the template was taken away"));
    }
    Optional<Success> success = Success.of(pod);
    Optional<String> request = member.request().filter(r -> success.isEmpty());
    if (request.isPresent()) {
      return requested(member, lock, request.get());
    }
    if (set.wants(member.ordinal()) && !(policy.renew() && lock.succeeded())) {
      return wantedBack(member, lock, success);
    }
    if (success.isPresent()) {
      return finish(member, pod, success.get());
    }
    if (lock.succeeded()) {
      return of(
          member,
          true,
          new Step.RecordSuccess(member.ordinal(), pod, Success.earned(pod, member.live())));
    }
    if (!pod.started() && (member.live().isEmpty() || member.going())) {
      // It can never start, and might be what keeps a claim from going.
      return of(member, true, new Step.DeletePod(pod, true));
    }
    return lock.failure(policy, now)
        .map(failure -> failed(member, pod, failure))
        .orElseGet(() -> running(member, lock));
  }

  private Plan.Ordinal running(Member member, Lock lock) {
    lookAt(lock.deadline(policy));
    boolean missing = member.live().size() < set.claimTemplates().size();
    return note(
        member,
        true,
        missing && !lock.pod().started()
            ? Change.of(
                State.Running,
                "ClaimMissing",
                "the cleanup pod cannot start, for a claim is gone; make it anew, or skip the"
                    + " ordinal")
            : Change.of(State.Running, "Running", "the cleanup pod runs"));
  }

  private Plan.Ordinal finish(Member member, SetPod pod, Success success) {
    if (policy.keepClaims()) {
      return release(
          member, pod, Change.of(State.Kept, "ClaimsKept", "cleaned up; the claims stay"));
    }
    List<Step> steps = new ArrayList<>();
    note(
            member,
            Change.of(State.Finishing, "CleanupSuccess", "cleaned up; what is left is deleted"))
        .ifPresent(steps::add);
    member.live().stream()
        .filter(success::covers)
        .forEach(claim -> steps.add(new Step.DeleteClaim(member.ordinal(), pod, claim)));
    steps.add(new Step.DeletePod(pod, true));
    return new Plan.Ordinal(member.ordinal(), State.Finishing, "cleaned up", steps, true);
  }

  private Plan.Ordinal wantedBack(Member member, Lock lock, Optional<Success> success) {
    String gone =
        success.isPresent() || lock.succeeded()
            ? "its cleanup had succeeded, and the claims that were still there are kept"
            : !lock.pod().started()
                ? "its cleanup had not begun, and its claims are kept"
                : lock.failure(policy, now)
                    .map(f -> "its cleanup had failed: " + f.message())
                    .orElse(null);
    if (gone != null) {
      return release(
          member, lock.pod(), Change.of(State.Returning, "ScaledUp", "wanted again: " + gone));
    }
    lookAt(lock.deadline(policy));
    return note(
        member,
        true,
        Change.of(
            State.Running,
            "ScaleUpWaiting",
            "wanted again while its cleanup pod runs; it returns when that has ended"));
  }

  private Plan.Ordinal failed(Member member, SetPod pod, Lock.Failure failure) {
    int attempts = member.status().attempts() + 1;
    boolean again =
        failure.lost()
            || (policy.onFailure() == Policy.OnFailure.RETRY && attempts <= policy.retryLimit());
    if (again) {
      Instant at = now.plus(backOff(attempts));
      Change change =
          Change.of(State.Retrying, "CleanupFailed", failure.message() + "; the next begins soon")
              .condemning(pod.metadata().uid())
              .again(at);
      Step note =
          new Step.Note(
              member.ordinal(), member.record(), Statuses.next(member, change, attempts, now));
      return new Plan.Ordinal(
          member.ordinal(),
          State.Retrying,
          change.message(),
          List.of(note, new Step.DeletePod(pod, true)),
          true);
    }
    if (policy.onFailure() == Policy.OnFailure.RELEASE) {
      return release(
          member,
          pod,
          Change.of(
              State.Skipped, "Released", failure.message() + "; its claims stay as they are"));
    }
    return note(
        member,
        true,
        Change.of(
            State.Held,
            "CleanupFailed",
            failure.message()
                + "; its claims stay. annotate it with ebb.dev/cleanup-request=retry or skip"));
  }

  private static Duration backOff(int attempts) {
    Duration pause = FIRST_RETRY.multipliedBy(1L << Math.min(attempts - 1, 10));
    return pause.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : pause;
  }

  /**
   * Does what a user asks for. A record that is not there cannot ask.
   *
   * @param lock null when there is none
   */
  private Plan.Ordinal requested(Member member, @Nullable Lock lock, String request) {
    Change change =
        switch (request) {
          case "skip" -> Change.of(State.Skipped, "Skipped", "skipped by a user; its claims stay");
          case "cancel" ->
              Change.of(State.Held, STOPPED, "stopped by a user; its claims stay until a retry");
          case "retry" ->
              Change.of(
                  lock == null ? State.Waiting : State.Retrying, "Retry", "begun anew by a user");
          default -> null;
        };
    boolean runsWell =
        lock != null && request.equals("retry") && lock.failure(policy, now).isEmpty();
    List<Step> steps = new ArrayList<>();
    if (change != null && !runsWell) {
      Change about = lock == null ? change : change.condemning(lock.pod().metadata().uid());
      steps.add(
          new Step.Note(member.ordinal(), member.record(), Statuses.next(member, about, 0, now)));
    }
    if (member.record() != null) {
      steps.add(new Step.ClearRequest(member.record()));
    }
    if (change != null && !runsWell && lock != null) {
      steps.add(new Step.DeletePod(lock.pod(), true));
    }
    return new Plan.Ordinal(member.ordinal(), member.status().state(), request, steps, true);
  }

  /** Takes the lock away, after it is written down why. */
  private Plan.Ordinal release(Member member, SetPod pod, Change change) {
    List<Step> steps = new ArrayList<>();
    note(member, change.condemning(pod.metadata().uid())).ifPresent(steps::add);
    steps.add(new Step.DeletePod(pod, true));
    return new Plan.Ordinal(member.ordinal(), change.state(), change.message(), steps, true);
  }

  // Without a lock.

  private Plan.Ordinal wanted(Member member) {
    Status status = member.status();
    boolean open =
        status.state() != null
            && !status.is(State.Done, State.Cancelled, State.Kept, State.Skipped);
    if (!open) {
      return of(member, false);
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
    note(member, change).ifPresent(steps::add);
    return new Plan.Ordinal(member.ordinal(), change.state(), change.message(), steps, false);
  }

  private Plan.Ordinal leftOver(Member member) {
    List<Claim> live = member.live();
    if (member.pod() != null) {
      return stillThere(member, member.pod());
    }
    Status status = member.status();
    if (live.isEmpty()) {
      boolean open =
          status.is(State.Waiting, State.Running, State.Finishing, State.Retrying)
              || status.is(State.Held, State.Blocked, State.Returning);
      return open
          ? note(member, false, Change.of(State.Done, "CleanupSuccess", "nothing is left of it"))
          : of(member, false);
    }
    if (member.request().isPresent()) {
      return requested(member, null, member.request().get());
    }
    if (status.is(State.Skipped, State.Kept) && status.about(live)) {
      return new Plan.Ordinal(member.ordinal(), status.state(), "", List.of(), false);
    }
    if (status.is(State.Held) && STOPPED.equals(status.reason()) && status.about(live)) {
      return of(member, true);
    }
    if (template == null || deletedUnasked() || known(live)) {
      boolean open =
          status.is(State.Waiting, State.Running, State.Retrying, State.Held, State.Blocked);
      return open && template == null
          ? note(member, false, Change.of(State.Cancelled, "NoTemplate", "there is no template"))
          : of(member, false);
    }
    Change obstacle = obstacle(member, template);
    if (obstacle != null) {
      lookAt(obstacle.nextAttemptAt());
      return note(member, !policy.cleanFirst() && first(member) ? false : true, obstacle);
    }
    locks++;
    List<Step> steps = new ArrayList<>();
    note(member, Change.of(State.Running, "Running", "the cleanup pod runs")).ifPresent(steps::add);
    steps.add(new Step.CreatePod(member.ordinal(), member.uids()));
    return new Plan.Ordinal(member.ordinal(), State.Running, "begins", steps, true);
  }

  /** A set that is deleted, and whose user wants it cleaned up, loses its pods by our hand. */
  private Plan.Ordinal stillThere(Member member, SetPod pod) {
    boolean ours =
        set.metadata().deleting()
            && !deletedUnasked()
            && template != null
            && (pod.metadata().ownerReferences().stream()
                    .anyMatch(o -> o.uid().equals(set.metadata().uid()))
                || set.selects(pod.metadata().labels()));
    if (ours && !pod.metadata().deleting() && (!set.ordered() || !blocked)) {
      return of(member, true, new Step.DeletePod(pod, false));
    }
    return of(member, ours || !member.live().isEmpty());
  }

  private boolean deletedUnasked() {
    boolean asked = policy.cleanOnDelete() && set.metadata().finalizers().contains(Names.FINALIZER);
    return set.metadata().deleting() && !asked;
  }

  private boolean known(List<Claim> live) {
    String baseline = set.metadata().annotations().get(Names.BASELINE);
    if (policy.existing() == Policy.Existing.CLEAN || baseline == null) {
      return false;
    }
    Set<String> uids = Set.copyOf(Arrays.asList(baseline.split(",", -1)));
    return live.stream().allMatch(claim -> uids.contains(claim.metadata().uid()));
  }

  private boolean first(Member member) {
    return member.ordinal() == set.start();
  }

  /** Returns why a cleanup does not begin now; null when it does. */
  private @Nullable Change obstacle(Member member, Template read) {
    Status status = member.status();
    if (!member.doubtful().isEmpty()) {
      return Change.of(State.Blocked, "AmbiguousClaim", member.doubtful().getFirst().message());
    }
    if (set.deletesWhenScaled() && !set.metadata().deleting()) {
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
          State.Blocked, REFUSED, text(status.message()), null, null, status.template());
    }
    if (first(member) && !policy.cleanFirst()) {
      return Change.of(
          State.Waiting, "FirstOrdinal", "the first ordinal is only cleaned up when told so");
    }
    if (member.going()) {
      return Change.of(State.Waiting, "ClaimGoes", "waits until a claim that is deleted is gone");
    }
    Instant next = status.nextAttemptAt();
    if (status.is(State.Retrying) && next != null && now.isBefore(next)) {
      return Change.of(State.Retrying, text(status.reason()), text(status.message()))
          .condemning(text(status.podUid()))
          .again(next);
    }
    return wait(member);
  }

  private @Nullable Change wait(Member member) {
    if (!policy.settle().isZero() && !member.status().is(State.Running, State.Retrying)) {
      boolean settling = SETTLING.equals(member.status().reason());
      Instant until = settling ? member.status().nextAttemptAt() : now.plus(policy.settle());
      if (until != null && now.isBefore(until)) {
        return Change.of(State.Waiting, SETTLING, "waits whether it stays unwanted").again(until);
      }
    }
    boolean turn = set.ordered() ? !blocked && locks == 0 : locks < policy.maxParallel();
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
        switch (policy.requireReady()) {
          case NONE -> 0;
          case FIRST -> Math.min(1, set.metadata().deleting() ? 0 : set.replicas());
          case ALL -> set.metadata().deleting() ? 0 : set.replicas();
        };
    for (int n = set.start(); n < set.start() + wanted; n++) {
      int ordinal = n;
      boolean ready =
          members.stream()
              .filter(m -> m.ordinal() == ordinal && m.lock() == null)
              .anyMatch(m -> m.pod() != null && m.pod().ready());
      if (!ready) {
        return Optional.of(set.podName(n));
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

  // Helpers.

  private void lookAt(@Nullable Instant instant) {
    lookAgain = Planner.earlier(lookAgain, instant);
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }

  private Optional<Step> note(Member member, Change change) {
    Status next = Statuses.next(member, change, member.status().attempts(), now);
    return Statuses.same(member.status(), next)
        ? Optional.empty()
        : Optional.of(new Step.Note(member.ordinal(), member.record(), next));
  }

  private Plan.Ordinal note(Member member, boolean blocks, Change change) {
    return new Plan.Ordinal(
        member.ordinal(),
        change.state(),
        change.message(),
        note(member, change).stream().toList(),
        blocks);
  }

  private static Plan.Ordinal of(Member member, boolean blocks, Step... steps) {
    return new Plan.Ordinal(
        member.ordinal(),
        member.status().state(),
        text(member.status().message()),
        List.of(steps),
        blocks);
  }
}
