package dev.ebb.cleanup.api;

import dev.ebb.runtime.kube.Ebb;
import dev.ebb.runtime.kube.KubeObject;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.kube.ResourceType;
import dev.ebb.runtime.model.Condition;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonDeserialize;

/**
 * What became of one ordinal that a StatefulSet was scaled away from: the controller's only memory
 * beside the cleanup pod itself. It has the name of the ordinal's pod.
 */
public record ScaleDownCleanup(
    Meta metadata, Spec spec, @JsonDeserialize(using = LenientCleanupStatus.class) Status status)
    implements KubeObject {

  /** Where ScaleDownCleanups are served. */
  public static final ResourceType<ScaleDownCleanup> TYPE =
      new ResourceType<>(
          Ebb.GROUP, Ebb.VERSION, "scaledowncleanups", "ScaleDownCleanup", ScaleDownCleanup.class);

  /** Replaces what is absent by empty values. */
  public ScaleDownCleanup {
    metadata = metadata == null ? Meta.named("", "") : metadata;
    spec = spec == null ? new Spec("", "", -1) : spec;
    status = status == null ? Status.NONE : status;
  }

  /** Which ordinal of which set. */
  public record Spec(String statefulSet, String statefulSetUid, int ordinal) {
    /** Replaces what is absent by empty values. */
    public Spec {
      statefulSet = statefulSet == null ? "" : statefulSet;
      statefulSetUid = statefulSetUid == null ? "" : statefulSetUid;
    }
  }

  /** How an ordinal is doing. */
  public enum State {
    /** It is left over, and its turn has not come. */
    Waiting,
    /** Its cleanup pod is made, or runs. */
    Running,
    /** The cleanup succeeded; claims and pod are deleted. */
    Finishing,
    /** Nothing is left of it. */
    Done,
    /** The set wants it back; its cleanup pod goes. */
    Returning,
    /** It was wanted again: what is still there was kept. */
    Cancelled,
    /** A cleanup failed; the next one begins after a while. */
    Retrying,
    /** A cleanup failed, or a user stopped it; somebody has to say how to go on. */
    Held,
    /** It cannot begin before something is repaired. */
    Blocked,
    /** Its claims stay as they are and are not cleaned up. */
    Skipped,
    /** It was cleaned up, and its claims stay. */
    Kept
  }

  /**
   * What is known.
   *
   * @param state how it is doing; null before anything is known
   * @param reason why, in one CamelCase word
   * @param message why, for humans
   * @param attempts how many cleanup pods have failed
   * @param podUid the cleanup pod that this is about; null for none
   * @param startedAt when its first cleanup pod was made
   * @param finishedAt when it came to its end
   * @param nextAttemptAt when the next cleanup pod is made
   * @param template which template was refused, shortened to a number; null for none
   * @param claims what it is about
   * @param conditions {@code Ready}, which sums up
   */
  public record Status(
      @Nullable State state,
      @Nullable String reason,
      @Nullable String message,
      int attempts,
      @Nullable String podUid,
      @Nullable Instant startedAt,
      @Nullable Instant finishedAt,
      @Nullable Instant nextAttemptAt,
      @Nullable String template,
      List<ClaimRef> claims,
      List<Condition> conditions) {

    /** Nothing is known. */
    public static final Status NONE =
        new Status(null, null, null, 0, null, null, null, null, null, List.of(), List.of());

    /** Copies the lists. */
    public Status {
      claims = claims == null ? List.of() : claims.stream().filter(c -> c != null).toList();
      conditions =
          conditions == null ? List.of() : conditions.stream().filter(c -> c != null).toList();
    }

    /** Returns whether this is one of several states. */
    public boolean is(State... states) {
      return state != null && Set.of(states).contains(state);
    }

    /** Returns whether it is about all of these claims. */
    public boolean about(List<Claim> others) {
      Set<String> uids = claims.stream().map(ClaimRef::uid).collect(Collectors.toSet());
      return others.stream().allMatch(claim -> uids.contains(claim.metadata().uid()));
    }
  }

  /** A claim as it was. */
  public record ClaimRef(String name, String uid, @Nullable String size) {
    /** Replaces what is absent by empty values. */
    public ClaimRef {
      name = name == null ? "" : name;
      uid = uid == null ? "" : uid;
    }

    /** Returns what a claim is remembered as. */
    public static ClaimRef of(Claim claim) {
      return new ClaimRef(
          claim.metadata().name(),
          claim.metadata().uid(),
          claim.size().isEmpty() ? null : claim.size());
    }
  }

  /** Returns what a user asks for; empty for nothing. */
  public String request() {
    return metadata
        .annotations()
        .getOrDefault(Names.REQUEST, "")
        .strip()
        .toLowerCase(java.util.Locale.ROOT);
  }
}
