package dev.ebb.cleanup.plan;

import dev.ebb.cleanup.api.ScaleDownCleanup.State;
import dev.ebb.cleanup.api.ScaleDownCleanup.Status;
import dev.ebb.cleanup.api.ScaleDownPolicy.OnFailure;
import dev.ebb.cleanup.api.SetPod;
import dev.ebb.cleanup.plan.Statuses.Change;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Decides for an ordinal whose name a cleanup pod has. Stateless. */
final class Locked {

  private final Case about;

  Locked(Case about) {
    this.about = about;
  }

  Plan.Ordinal decide(Member member, Lock lock) {
    SetPod pod = lock.pod();
    if (pod.metadata().deleting()) {
      return Case.of(member, true);
    }
    Status status = member.status();
    boolean condemned =
        pod.metadata().uid().equals(status.podUid())
            && (status.is(State.Skipped, State.Kept, State.Retrying, State.Cancelled)
                || status.is(State.Returning)
                || (status.is(State.Held) && Case.STOPPED.equals(status.reason())));
    if (condemned || lock.stale(about.set())) {
      return Case.of(member, true, new Step.DeletePod(pod, true));
    }
    if (about.template() == null) {
      return about.release(
          member, pod, Change.of(State.Cancelled, "NoTemplate", "the template was taken away"));
    }
    Optional<Success> success = Success.of(pod);
    Optional<String> request = member.request().filter(r -> success.isEmpty());
    if (request.isPresent()) {
      return about.requested(member, lock, request.get());
    }
    if (about.set().wants(member.ordinal()) && !(about.policy().renew() && lock.succeeded())) {
      return wantedBack(member, lock, success);
    }
    if (success.isPresent()) {
      return finish(member, pod, success.get());
    }
    if (lock.succeeded()) {
      return Case.of(
          member,
          true,
          new Step.RecordSuccess(member.ordinal(), pod, Success.earned(pod, member.live())));
    }
    if (!pod.started() && (member.live().isEmpty() || member.going())) {
      // It can never start, and might be what keeps a claim from going.
      return Case.of(member, true, new Step.DeletePod(pod, true));
    }
    return lock.failure(about.policy(), about.now())
        .map(failure -> failed(member, pod, failure))
        .orElseGet(() -> running(member, lock));
  }

  private Plan.Ordinal running(Member member, Lock lock) {
    boolean missing = member.live().size() < about.set().claimTemplates().size();
    return about
        .noted(
            member,
            true,
            missing && !lock.pod().started()
                ? Change.of(
                    State.Running,
                    "ClaimMissing",
                    "the cleanup pod cannot start, for a claim is gone; make it anew, or skip the"
                        + " ordinal")
                : Change.of(State.Running, "Running", "the cleanup pod runs"))
        .until(lock.deadline(about.policy()));
  }

  private Plan.Ordinal finish(Member member, SetPod pod, Success success) {
    if (about.policy().keepClaims()) {
      return about.release(
          member, pod, Change.of(State.Kept, "ClaimsKept", "cleaned up; the claims stay"));
    }
    List<Step> steps = new ArrayList<>();
    about
        .note(
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
                : lock.failure(about.policy(), about.now())
                    .map(f -> "its cleanup had failed: " + f.message())
                    .orElse(null);
    if (gone != null) {
      return about.release(
          member, lock.pod(), Change.of(State.Returning, "ScaledUp", "wanted again: " + gone));
    }
    return about
        .noted(
            member,
            true,
            Change.of(
                State.Running,
                "ScaleUpWaiting",
                "wanted again while its cleanup pod runs; it returns when that has ended"))
        .until(lock.deadline(about.policy()));
  }

  private Plan.Ordinal failed(Member member, SetPod pod, Lock.Failure failure) {
    int attempts = member.status().attempts() + 1;
    boolean again =
        failure.lost()
            || (about.policy().onFailure() == OnFailure.Retry
                && attempts <= about.policy().retry().limit());
    if (again) {
      Instant at = about.now().plus(about.policy().retry().pause(attempts));
      Change change =
          Change.of(State.Retrying, "CleanupFailed", failure.message() + "; the next begins soon")
              .condemning(pod.metadata().uid())
              .again(at);
      Step note =
          new Step.Note(
              member.ordinal(),
              member.record(),
              Statuses.next(member, change, attempts, about.now()));
      return new Plan.Ordinal(
          member.ordinal(),
          State.Retrying,
          change.message(),
          List.of(note, new Step.DeletePod(pod, true)),
          true);
    }
    if (about.policy().onFailure() == OnFailure.Release) {
      return about.release(
          member,
          pod,
          Change.of(
              State.Skipped, "Released", failure.message() + "; its claims stay as they are"));
    }
    return about.noted(
        member,
        true,
        Change.of(
            State.Held,
            "CleanupFailed",
            failure.message()
                + "; its claims stay. annotate it with ebb.dev/cleanup-request=retry or skip"));
  }
}
