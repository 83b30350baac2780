package dev.ebb.selector.api;

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
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonDeserialize;

/**
 * A fixed number of Services, each pointed at one pod of a set that grows and shrinks. Durations
 * are kept as their text: what cannot be parsed must become a condition and not a decoding error.
 */
public record ServicePool(
    Meta metadata,
    @JsonDeserialize(using = LenientSpec.class) Spec spec,
    @JsonDeserialize(using = LenientStatus.class) Status status)
    implements KubeObject {

  /** Where ServicePools are served. */
  public static final ResourceType<ServicePool> TYPE =
      new ResourceType<>(Ebb.GROUP, Ebb.VERSION, "servicepools", "ServicePool", ServicePool.class);

  /** Replaces what is absent by empty values. */
  public ServicePool {
    metadata = metadata == null ? Meta.named("", "") : metadata;
    spec = spec == null ? Spec.EMPTY : spec;
    status = status == null ? Status.NONE : status;
  }

  /** What is done while no pod can take anything. */
  public enum WhenNoPod {
    /** Services stay where they are. */
    Hold,
    /** The key is taken out of the selectors: whatever else they say decides. */
    All
  }

  /**
   * What the user wants.
   *
   * @param pods whose pods
   * @param services which Services
   * @param strategy how they are shared out
   * @param loadFactorPercent what a pod takes at most under BoundedLoad, in percent of its share
   * @param minReadySeconds how long a pod must be ready before it takes anything
   * @param unreadyGrace how long a pod that is not ready keeps what it has
   * @param homeWindow how long a Service that had to leave a pod goes back to it
   * @param releaseDelay how long a Service that moved stays where it is, unless it has to leave
   * @param maxMovesPerMinute how many move in a minute without need
   * @param whenNoPod what is done while no pod can take anything
   * @param mode what may be done
   * @param unreadable the fields whose values make no sense and are left out here
   */
  public record Spec(
      @Nullable Pods pods,
      @Nullable Services services,
      @Nullable Strategy strategy,
      @Nullable Integer loadFactorPercent,
      @Nullable Integer minReadySeconds,
      @Nullable String unreadyGrace,
      @Nullable String homeWindow,
      @Nullable String releaseDelay,
      @Nullable Integer maxMovesPerMinute,
      @Nullable WhenNoPod whenNoPod,
      @Nullable Mode mode,
      @JsonIgnore List<String> unreadable) {

    /** Says nothing. */
    public static final Spec EMPTY =
        new Spec(null, null, null, null, null, null, null, null, null, null, null, List.of());

    /** Copies the list. */
    public Spec {
      unreadable = unreadable == null ? List.of() : List.copyOf(unreadable);
    }

    /** Returns this spec with fields that could not be read. */
    Spec without(List<String> fields) {
      return new Spec(
          pods,
          services,
          strategy,
          loadFactorPercent,
          minReadySeconds,
          unreadyGrace,
          homeWindow,
          releaseDelay,
          maxMovesPerMinute,
          whenNoPod,
          mode,
          fields);
    }
  }

  /**
   * Whose pods.
   *
   * @param statefulSet the name of a StatefulSet
   * @param selector a label selector; both mean that both must hold
   */
  public record Pods(@Nullable String statefulSet, @Nullable String selector) {}

  /**
   * Which Services.
   *
   * @param prefix what their names begin with; a number follows
   * @param selector a label selector; both mean that both must hold
   * @param count how many Services are made, with the prefix and the numbers from 0 on
   * @param ports the ports of those that are made
   * @param via what is written to point them at a pod
   */
  public record Services(
      @Nullable String prefix,
      @Nullable String selector,
      @Nullable Integer count,
      @Nullable List<ServicePort> ports,
      @Nullable Via via) {
    /** Copies the list. */
    public Services {
      ports = ports == null ? null : ports.stream().filter(Objects::nonNull).toList();
    }
  }

  /** What is written to point a Service at a pod. */
  public enum Via {
    /** One key of its selector. */
    Selector,
    /** EndpointSlices; for Services without a selector. */
    Slice
  }

  /** A port of a Service that is made. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record ServicePort(
      @Nullable String name,
      @Nullable Integer port,
      @Nullable Integer targetPort,
      @Nullable String protocol) {}

  /**
   * What was found and done.
   *
   * @param observedGeneration the generation that this was judged on
   * @param services how many Services belong to it
   * @param pods how many pods it has
   * @param eligible how many of them take Services
   * @param imbalance how many more Services the fullest pod has than the emptiest
   * @param moves how often a Service went from one pod to another so far
   * @param lastMoves how many did when anything moved last
   * @param conditions Ready, Valid and Applied
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Status(
      long observedGeneration,
      @Nullable Integer services,
      @Nullable Integer pods,
      @Nullable Integer eligible,
      @Nullable Integer imbalance,
      @Nullable Long moves,
      @Nullable Integer lastMoves,
      List<Condition> conditions) {

    /** Nothing said yet. */
    public static final Status NONE = new Status(0, null, null, null, null, null, null, List.of());

    /** Copies the conditions. */
    public Status {
      conditions = conditions == null ? List.of() : List.copyOf(conditions);
    }

    /** Finds a condition. */
    public Optional<Condition> condition(String type) {
      return conditions.stream().filter(c -> c.type().equals(type)).findFirst();
    }
  }
}
