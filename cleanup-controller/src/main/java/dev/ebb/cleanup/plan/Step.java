package dev.ebb.cleanup.plan;

import dev.ebb.cleanup.api.Claim;
import dev.ebb.cleanup.api.ScaleDownCleanup;
import dev.ebb.cleanup.api.ScaleDownCleanup.Status;
import dev.ebb.cleanup.api.ScaleDownPolicy;
import dev.ebb.cleanup.api.SetPod;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One write. Each can be repeated, and each can be the last one before the process ends. */
public sealed interface Step {

  /** Keeps the set until its ordinals are cleaned up. */
  record AddFinalizer() implements Step {}

  /**
   * Lets the set go.
   *
   * @param done whether that is because nothing is left of it
   * @param stays the UIDs of claims that are to stay
   */
  record RemoveFinalizer(boolean done, Set<String> stays) implements Step {
    /** Copies the set. */
    public RemoveFinalizer {
      stays = Set.copyOf(stays);
    }
  }

  /** Remembers which claims were left over before there was a template. */
  record SetBaseline(List<String> uids) implements Step {}

  /**
   * Writes down how an ordinal is doing.
   *
   * @param record what there is; null for nothing yet
   */
  record Note(int ordinal, @Nullable ScaleDownCleanup record, Status status) implements Step {}

  /**
   * Makes the cleanup pod of an ordinal.
   *
   * @param claims names and UIDs of its claims
   * @param template which template was decided on
   */
  record CreatePod(int ordinal, Map<String, String> claims, String template) implements Step {}

  /** Writes on a cleanup pod that it succeeded, and for which claims. */
  record RecordSuccess(int ordinal, SetPod pod, Success success) implements Step {}

  /** Deletes a claim, under the lock and by the success that is recorded on it. */
  record DeleteClaim(int ordinal, SetPod lock, Claim claim) implements Step {}

  /**
   * Deletes a pod.
   *
   * @param lock whether it is a cleanup pod; else it is one of a set that is deleted
   */
  record DeletePod(SetPod pod, boolean lock) implements Step {}

  /** Wakes the set's controller, which waits longer and longer for a name that was taken. */
  record Touch(int ordinal) implements Step {}

  /** Takes a user's request off a record: it was heard. */
  record ClearRequest(ScaleDownCleanup record) implements Step {}

  /** Writes on a policy what was found and done. */
  record Report(ScaleDownPolicy policy, ScaleDownPolicy.Status status) implements Step {}

  /** Deletes a record of a set that is gone. */
  record DropRecord(ScaleDownCleanup record) implements Step {}
}
