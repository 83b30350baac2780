package dev.ebb.nodescaler.api;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.ebb.runtime.kube.Ebb;
import dev.ebb.runtime.kube.KubeObject;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.kube.ResourceType;
import dev.ebb.runtime.model.Condition;
import dev.ebb.runtime.model.ScaledResource.Mode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonDeserialize;

/**
 * So many servers can start at once on the nodes of a pool: the pool grows ahead of them and
 * shrinks by empty nodes. Durations, times and quantities are kept as their text: what cannot be
 * parsed must become a condition and not a decoding error.
 */
public record NodeBuffer(
    Meta metadata,
    @JsonDeserialize(using = LenientBufferSpec.class) Spec spec,
    @JsonDeserialize(using = LenientBufferStatus.class) Status status)
    implements KubeObject {

  /** Where NodeBuffers are served. */
  public static final ResourceType<NodeBuffer> TYPE =
      new ResourceType<>(Ebb.GROUP, Ebb.VERSION, "nodebuffers", "NodeBuffer", NodeBuffer.class);

  /** Replaces what is absent by empty values. */
  public NodeBuffer {
    metadata = metadata == null ? Meta.named("", "") : metadata;
    spec = spec == null ? Spec.EMPTY : spec;
    status = status == null ? Status.NONE : status;
  }

  /**
   * What the user wants.
   *
   * @param pool which nodes, and the cloud that they come from
   * @param servers which pods are servers
   * @param slot what one server takes
   * @param free how many servers can start at once
   * @param scaleDown when and how nodes go
   * @param timing how long is waited for what
   * @param mode what may be done
   * @param unreadable the fields whose values make no sense and are left out here
   */
  public record Spec(
      @Nullable Pool pool,
      @Nullable Servers servers,
      @Nullable Slot slot,
      @Nullable Free free,
      @Nullable ScaleDown scaleDown,
      @Nullable Timing timing,
      @Nullable Mode mode,
      @JsonIgnore List<String> unreadable) {

    /** Says nothing. */
    public static final Spec EMPTY = new Spec(null, null, null, null, null, null, null, List.of());

    /** Copies the list. */
    public Spec {
      unreadable = unreadable == null ? List.of() : List.copyOf(unreadable);
    }

    /** Returns this spec with fields that could not be read. */
    Spec without(List<String> fields) {
      return new Spec(pool, servers, slot, free, scaleDown, timing, mode, fields);
    }
  }

  /**
   * Which nodes, and the cloud that they come from.
   *
   * @param provider the cloud's name
   * @param settings what the provider needs to find the pool, by its own names
   * @param nodeSelector which nodes are the pool's, as a label selector
   * @param minNodes the fewest nodes
   * @param maxNodes the most nodes
   * @param template what a new node offers to servers; null to learn it from the nodes there are
   */
  public record Pool(
      @Nullable String provider,
      @Nullable Map<String, String> settings,
      @Nullable String nodeSelector,
      @Nullable Integer minNodes,
      @Nullable Integer maxNodes,
      @Nullable Map<String, String> template) {
    /** Copies the maps. */
    public Pool {
      settings = copy(settings);
      template = copy(template);
    }
  }

  private static @Nullable Map<String, String> copy(@Nullable Map<String, String> map) {
    if (map == null) {
      return null;
    }
    map.values().removeIf(Objects::isNull);
    return Map.copyOf(map);
  }

  /**
   * Which pods are servers, in all namespaces.
   *
   * @param selector a label selector
   * @param protectedSelector which of them must not be ended, as a label selector; null for all
   * @param tolerations which taints do not keep them away
   */
  public record Servers(
      @Nullable String selector,
      @Nullable String protectedSelector,
      @Nullable List<Toleration> tolerations) {
    /** Copies the list. */
    public Servers {
      tolerations = kept(tolerations);
    }
  }

  private static <T> @Nullable List<T> kept(@Nullable List<T> list) {
    return list == null ? null : list.stream().filter(Objects::nonNull).toList();
  }

  /** A toleration, as pods have them. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Toleration(
      @Nullable String key,
      @Nullable String operator,
      @Nullable String value,
      @Nullable String effect) {}

  /**
   * What one server takes; exactly one of both.
   *
   * @param resources amounts by resource
   * @param podTemplate the name of a PodTemplate in the same namespace
   */
  public record Slot(@Nullable Map<String, String> resources, @Nullable String podTemplate) {
    /** Copies the map. */
    public Slot {
      resources = copy(resources);
    }
  }

  /**
   * How many servers can start at once.
   *
   * @param slots so many
   * @param percent such a part of all, free and taken; the greater of both holds
   * @param reservations more for an occasion
   */
  public record Free(
      @Nullable Integer slots,
      @Nullable Integer percent,
      @Nullable List<Reservation> reservations) {
    /** Copies the list. */
    public Free {
      reservations = kept(reservations);
    }
  }

  /**
   * Slots for an occasion.
   *
   * @param name what it is called
   * @param slots how many
   * @param at when they are to be there
   * @param length for how long
   */
  public record Reservation(
      @Nullable String name,
      @Nullable Integer slots,
      @Nullable String at,
      @JsonProperty("for") @Nullable String length) {}

  /** When nodes go. */
  public enum Policy {
    /** When there are more than needed, and nothing runs on them. */
    EmptyNodes,
    /** Never by this buffer. */
    Never
  }

  /** What keeps a node beside servers. */
  public enum OtherPods {
    /** Every pod but those of DaemonSets. */
    Keep,
    /** None: the cloud drains them. */
    Drain
  }

  /**
   * When and how nodes go.
   *
   * @param policy when
   * @param unneededFor how long a node gets no servers before it goes
   * @param delayAfterAdd how long after nodes were asked for none is taken out of use
   * @param hysteresisNodes how many nodes' slots stay free beyond the buffer
   * @param atOnce how many nodes go at the same time
   * @param percentAtOnce the same as a part of all; the smaller of both holds
   * @param otherPods what keeps a node beside servers
   */
  public record ScaleDown(
      @Nullable Policy policy,
      @Nullable String unneededFor,
      @Nullable String delayAfterAdd,
      @Nullable Integer hysteresisNodes,
      @Nullable Integer atOnce,
      @Nullable Integer percentAtOnce,
      @Nullable OtherPods otherPods) {}

  /**
   * How long is waited for what.
   *
   * @param nodeStartup how long a node that was never ready counts as one that starts
   * @param unreadyGrace how long a node that is not ready any more counts as one that comes back
   * @param provisioning how long the cloud may take to bring a node
   * @param backoff how long no node is asked for after one did not come; doubles each time
   * @param longestBackoff the most that doubling comes to
   * @param backoffReset how long after the last failure the doubling begins anew
   * @param lead how long before a reservation nodes are asked for
   */
  public record Timing(
      @Nullable String nodeStartup,
      @Nullable String unreadyGrace,
      @Nullable String provisioning,
      @Nullable String backoff,
      @Nullable String longestBackoff,
      @Nullable String backoffReset,
      @Nullable String lead) {}

  /**
   * What was found and done.
   *
   * @param observedGeneration the generation that this was judged on
   * @param free how many servers could start now
   * @param desired how many should be able to
   * @param starting how many more once the nodes that start are up
   * @param upcoming how many more once the cloud has brought what it owes
   * @param pending how many servers wait for a node
   * @param used how many servers have one
   * @param nodes how many nodes there are
   * @param draining how many of them get no new servers
   * @param size how many the cloud is to have; null when it cannot be read
   * @param memory what has to be known of earlier decisions
   * @param staying why nodes stay
   * @param conditions Ready, Valid and Applied
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Status(
      long observedGeneration,
      @Nullable Integer free,
      @Nullable Integer desired,
      @Nullable Integer starting,
      @Nullable Integer upcoming,
      @Nullable Integer pending,
      @Nullable Integer used,
      @Nullable Integer nodes,
      @Nullable Integer draining,
      @Nullable Integer size,
      @Nullable Remembered memory,
      List<Staying> staying,
      List<Condition> conditions) {

    /** Nothing said yet. */
    public static final Status NONE =
        new Status(
            0, null, null, null, null, null, null, null, null, null, null, List.of(), List.of());

    /** Copies the lists. */
    public Status {
      staying = staying == null ? List.of() : List.copyOf(staying);
      conditions = conditions == null ? List.of() : List.copyOf(conditions);
    }

    /** Finds a condition. */
    public Optional<Condition> condition(String type) {
      return conditions.stream().filter(c -> c.type().equals(type)).findFirst();
    }
  }

  /**
   * What has to be known of earlier decisions. Written with its empty fields: a merge patch would
   * leave old values there.
   *
   * @param lastGrowth when nodes were asked for last
   * @param owed how many nodes the cloud owed
   * @param owedSince since when, or since it brought one last
   * @param writtenOff how many of them are not expected any more
   * @param lastFailure when nodes did not come, or were refused, last
   * @param failures how often that was in a row
   */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  public record Remembered(
      @Nullable Instant lastGrowth,
      int owed,
      @Nullable Instant owedSince,
      int writtenOff,
      @Nullable Instant lastFailure,
      int failures) {}

  /**
   * Why a node stays.
   *
   * @param node its name
   * @param state what it counts as
   * @param reason one CamelCase word
   * @param detail what keeps it; may be empty
   */
  public record Staying(String node, String state, String reason, String detail) {
    /** Replaces what is absent by empty text. */
    public Staying {
      node = node == null ? "" : node;
      state = state == null ? "" : state;
      reason = reason == null ? "" : reason;
      detail = detail == null ? "" : detail;
    }
  }
}
