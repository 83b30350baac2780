package dev.ebb.cleanup.api;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.ebb.runtime.kube.Ebb;
import dev.ebb.runtime.kube.KubeObject;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.kube.ResourceType;
import dev.ebb.runtime.model.Condition;
import dev.ebb.runtime.model.ScaledResource.Mode;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.annotation.JsonDeserialize;

/**
 * What its user wants to be done with ordinals that one StatefulSet is scaled away from. Durations
 * are kept as their text: what cannot be parsed must be told and not be a decoding error.
 */
public record ScaleDownPolicy(
    Meta metadata,
    @JsonDeserialize(using = LenientPolicySpec.class) Spec spec,
    @JsonDeserialize(using = LenientPolicyStatus.class) Status status)
    implements KubeObject {

  /** Where ScaleDownPolicies are served. */
  public static final ResourceType<ScaleDownPolicy> TYPE =
      new ResourceType<>(
          Ebb.GROUP, Ebb.VERSION, "scaledownpolicies", "ScaleDownPolicy", ScaleDownPolicy.class);

  /** Replaces what is absent by empty values. */
  public ScaleDownPolicy {
    metadata = metadata == null ? Meta.named("", "") : metadata;
    spec = spec == null ? Spec.EMPTY : spec;
    status = status == null ? Status.NONE : status;
  }

  /** What becomes of an ordinal whose cleanup failed. */
  public enum OnFailure {
    /** The pod stays to be looked at, and everything waits for somebody. */
    Hold,
    /** A new pod, after a while. */
    Retry,
    /** The pod goes, the claims stay. */
    Release
  }

  /** What becomes of ordinals that were left over before. */
  public enum Existing {
    /** They are cleaned up. */
    Clean,
    /** They stay. */
    Ignore,
    /** They stay, and are told of. */
    Report
  }

  /** Who must be Ready before a cleanup begins. */
  public enum RequireReady {
    /** Nobody. */
    None,
    /** The pod of the first ordinal. */
    First,
    /** All pods that are wanted. */
    All
  }

  /** What becomes of the claims after a success. */
  public enum Claims {
    /** They are deleted. */
    Delete,
    /** They stay. */
    Keep
  }

  /** What happens when the set is deleted. */
  public enum OnDelete {
    /** Nothing. */
    Ignore,
    /** All its ordinals are cleaned up. */
    Clean
  }

  /** What an ordinal gets that was wanted again while its cleanup ran. */
  public enum OnReturn {
    /** Its old volumes. */
    Keep,
    /** New ones. */
    Renew
  }

  /** What becomes of the first ordinal, after which nobody is left. */
  public enum FirstOrdinal {
    /** It stays as it is. */
    Skip,
    /** It is cleaned up as all others. */
    Clean
  }

  /**
   * What the user wants. What is null has the default of the definition.
   *
   * @param statefulSet the set
   * @param mode what may be done
   * @param template the pod that cleans up
   * @param mustSucceed which of its containers must end with 0
   * @param inherit what it takes over from the set's pods
   * @param stableName whether it has the host name of the ordinal's pod
   * @param deadline how long one pod may take
   * @param backoffLimit how often the containers of one pod may fail
   * @param onFailure what becomes of an ordinal whose cleanup failed
   * @param retry how often and how soon it is tried again
   * @param claims what becomes of the claims after a success
   * @param existing what becomes of what was left over before
   * @param onDelete what happens when the set is deleted
   * @param onReturn what an ordinal gets that was wanted again
   * @param maxParallel how many are cleaned up at once
   * @param requireReady who must be Ready before
   * @param firstOrdinal what becomes of the first ordinal
   * @param settle how long an ordinal must have been unwanted
   * @param unreadable the fields whose values make no sense and are left out here
   */
  public record Spec(
      String statefulSet,
      @Nullable Mode mode,
      @Nullable JsonNode template,
      @Nullable List<String> mustSucceed,
      @Nullable List<String> inherit,
      @Nullable Boolean stableName,
      @Nullable String deadline,
      @Nullable Integer backoffLimit,
      @Nullable OnFailure onFailure,
      @Nullable Retry retry,
      @Nullable Claims claims,
      @Nullable Existing existing,
      @Nullable OnDelete onDelete,
      @Nullable OnReturn onReturn,
      @Nullable Integer maxParallel,
      @Nullable RequireReady requireReady,
      @Nullable FirstOrdinal firstOrdinal,
      @Nullable String settle,
      @JsonIgnore List<String> unreadable) {

    /** Says nothing. */
    public static final Spec EMPTY =
        new Spec(
            "", null, null, null, null, null, null, null, null, null, null, null, null, null, null,
            null, null, null, List.of());

    /** Copies the lists. */
    public Spec {
      statefulSet = statefulSet == null ? "" : statefulSet;
      mustSucceed =
          mustSucceed == null ? null : mustSucceed.stream().filter(Objects::nonNull).toList();
      inherit = inherit == null ? null : inherit.stream().filter(Objects::nonNull).toList();
      unreadable = unreadable == null ? List.of() : List.copyOf(unreadable);
    }

    /** Returns this spec with fields that could not be read. */
    Spec without(List<String> fields) {
      return new Spec(
          statefulSet,
          mode,
          template,
          mustSucceed,
          inherit,
          stableName,
          deadline,
          backoffLimit,
          onFailure,
          retry,
          claims,
          existing,
          onDelete,
          onReturn,
          maxParallel,
          requireReady,
          firstOrdinal,
          settle,
          fields);
    }
  }

  /**
   * How often and how soon a cleanup begins anew.
   *
   * @param limit how many pods are made anew
   * @param first how long it waits the first time
   * @param longest how long it waits at most
   */
  public record Retry(@Nullable Integer limit, @Nullable String first, @Nullable String longest) {}

  /** What goes on. */
  public enum State {
    /** Nothing is left over. */
    Idle,
    /** Cleanup pods run. */
    Cleaning,
    /** Something is left over, and its turn has not come. */
    Waiting,
    /** A cleanup failed, or a user stopped it. */
    Held,
    /** A cleanup cannot begin before something is repaired. */
    Blocked,
    /** Nothing may be done. */
    Stopped
  }

  /**
   * What was found and done.
   *
   * @param observedGeneration the generation that this was judged on
   * @param state what goes on; null before anything is known
   * @param running how many ordinals are being cleaned up
   * @param waiting how many wait for their turn
   * @param held how many wait for somebody
   * @param conditions {@code Ready}, which sums up
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Status(
      long observedGeneration,
      @Nullable State state,
      int running,
      int waiting,
      int held,
      List<Condition> conditions) {

    /** Nothing is known. */
    public static final Status NONE = new Status(0, null, 0, 0, 0, List.of());

    /** Copies the list. */
    public Status {
      conditions =
          conditions == null ? List.of() : conditions.stream().filter(Objects::nonNull).toList();
    }
  }
}
