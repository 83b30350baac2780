package dev.ebb.cleanup.plan;

import dev.ebb.cleanup.api.Claim;
import dev.ebb.cleanup.api.Names;
import dev.ebb.cleanup.api.ScaleDownCleanup.State;
import dev.ebb.cleanup.api.ScaleDownPolicy.Existing;
import dev.ebb.cleanup.api.SetPod;
import dev.ebb.cleanup.api.StatefulSet;
import dev.ebb.cleanup.plan.Statuses.Change;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What every decision about an ordinal of one set is made with, and the forms that decisions have.
 * What is written down is written before what it is about is done, so that whoever comes after a
 * crash knows what was meant.
 *
 * @param template null when nothing is to be cleaned up
 */
record Case(StatefulSet set, Policy policy, @Nullable Template template, Instant now) {

  /** The reason of what a user stopped. */
  static final String STOPPED = "Stopped";

  static String text(@Nullable String value) {
    return value == null ? "" : value;
  }

  boolean first(Member member) {
    return member.ordinal() == set.start();
  }

  /** Returns whether the set is deleted, and its user does not want it cleaned up. */
  boolean deletedUnasked() {
    boolean asked = policy.cleanOnDelete() && set.metadata().finalizers().contains(Names.FINALIZER);
    return set.metadata().deleting() && !asked;
  }

  /** Returns whether claims were left over before there was a template, and are to stay. */
  boolean known(List<Claim> live) {
    String baseline = set.metadata().annotations().get(Names.BASELINE);
    if (policy.existing() == Existing.Clean || baseline == null) {
      return false;
    }
    Set<String> uids = Set.copyOf(Arrays.asList(baseline.split(",", -1)));
    return live.stream().allMatch(claim -> uids.contains(claim.metadata().uid()));
  }

  // The forms.

  Optional<Step> note(Member member, Change change) {
    var next = Statuses.next(member, change, member.status().attempts(), now);
    return Statuses.same(member.status(), next)
        ? Optional.empty()
        : Optional.of(new Step.Note(member.ordinal(), member.record(), next));
  }

  /** Writes down what changed, and nothing else. */
  Plan.Ordinal noted(Member member, boolean blocks, Change change) {
    return new Plan.Ordinal(
        member.ordinal(),
        change.state(),
        change.message(),
        note(member, change).stream().toList(),
        blocks);
  }

  /** Takes steps and leaves what is written down as it is. */
  static Plan.Ordinal of(Member member, boolean blocks, Step... steps) {
    return new Plan.Ordinal(
        member.ordinal(),
        member.status().state(),
        text(member.status().message()),
        List.of(steps),
        blocks);
  }

  /** Takes the lock away, after it is written down why. */
  Plan.Ordinal release(Member member, SetPod pod, Change change) {
    List<Step> steps = new ArrayList<>();
    note(member, change.condemning(pod.metadata().uid())).ifPresent(steps::add);
    steps.add(new Step.DeletePod(pod, true));
    return new Plan.Ordinal(member.ordinal(), change.state(), change.message(), steps, true);
  }

  /**
   * Does what a user asks for. A record that is not there cannot ask.
   *
   * @param lock null when there is none
   */
  Plan.Ordinal requested(Member member, @Nullable Lock lock, String request) {
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
}
