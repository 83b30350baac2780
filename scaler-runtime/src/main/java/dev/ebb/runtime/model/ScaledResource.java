package dev.ebb.runtime.model;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.ebb.runtime.kube.Ebb;
import dev.ebb.runtime.kube.KubeObject;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.kube.ResourceType;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.scaler.ScaleTarget;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonDeserialize;

/**
 * Lets one workload sleep and wakes it: the resource that the autoscaler and the gateway agree on.
 * Durations are kept as their text, because what cannot be parsed must become a condition and not a
 * decoding error that hides the object.
 */
public record ScaledResource(
    Meta metadata, @JsonDeserialize(using = LenientSpec.class) Spec spec, Status status)
    implements KubeObject {

  /** Where ScaledResources are served. */
  public static final ResourceType<ScaledResource> TYPE =
      new ResourceType<>(
          Ebb.GROUP, Ebb.VERSION, "scaledresources", "ScaledResource", ScaledResource.class);

  /** The autoscaler's finalizer. */
  public static final String FINALIZER = Ebb.key("autoscaler");

  /** How many replicas the workload had before it went to sleep. */
  public static final String REMEMBERED_REPLICAS = Ebb.key("remembered-replicas");

  /** Replaces what is absent by empty values. */
  public ScaledResource {
    metadata = metadata == null ? Meta.named("", "") : metadata;
    spec =
        spec == null ? new Spec(null, null, null, null, null, null, null, null, null, null) : spec;
    status =
        status == null
            ? new Status(0, null, null, null, null, null, null, null, null, null, null, null)
            : status;
  }

  /** How traffic reaches the gateway. */
  public enum Path {
    /** All traffic runs through the gateway. */
    Always,
    /** Only while asleep. */
    WhileAsleep,
    /** The Service's selector points at gateway pods while asleep. */
    Selector
  }

  /** What Ebb may do. */
  public enum Mode {
    /** Acts. */
    Enforce,
    /** Decides and reports only. */
    Observe,
    /** Leaves everything as it is. */
    Paused
  }

  /** What the workload does now. */
  public enum State {
    /** Runs. */
    Awake,
    /** About to go to sleep: the fence is up. */
    Settling,
    /** At zero, by Ebb's hand. */
    Asleep,
    /** Wanted up, and no pod is ready. */
    Waking,
    /** At zero, by somebody else's hand. */
    Off,
    /** Not known: nothing is done. */
    Unknown
  }

  /**
   * What the user wants.
   *
   * @param unreadable the fields whose values make no sense and are left out here; a strict
   *     definition lets none in, but may have been looser once
   */
  public record Spec(
      @Nullable TargetRef targetRef,
      @Nullable List<String> services,
      @Nullable Path path,
      @Nullable String idleAfter,
      @Nullable String wakeTimeout,
      @Nullable Limits limits,
      @Nullable Replicas replicas,
      @Nullable List<Source> sources,
      @Nullable Boolean adoptZero,
      @Nullable Mode mode,
      @JsonIgnore List<String> unreadable) {
    /** Copies the lists. */
    public Spec {
      services = Lists.kept(services);
      sources = Lists.kept(sources);
      unreadable = Lists.of(unreadable);
    }

    /** A spec that can be read. */
    public Spec(
        @Nullable TargetRef targetRef,
        @Nullable List<String> services,
        @Nullable Path path,
        @Nullable String idleAfter,
        @Nullable String wakeTimeout,
        @Nullable Limits limits,
        @Nullable Replicas replicas,
        @Nullable List<Source> sources,
        @Nullable Boolean adoptZero,
        @Nullable Mode mode) {
      this(
          targetRef,
          services,
          path,
          idleAfter,
          wakeTimeout,
          limits,
          replicas,
          sources,
          adoptZero,
          mode,
          List.of());
    }

    /** Returns this spec with fields that could not be read. */
    Spec without(List<String> fields) {
      return new Spec(
          targetRef,
          services,
          path,
          idleAfter,
          wakeTimeout,
          limits,
          replicas,
          sources,
          adoptZero,
          mode,
          fields);
    }
  }

  /** The workload. */
  public record TargetRef(String apiVersion, String kind, String name) {
    /** Replaces what is absent by empty text. */
    public TargetRef {
      apiVersion = Lists.text(apiVersion);
      kind = Lists.text(kind);
      name = Lists.text(name);
    }
  }

  /** How much may be held for one route. */
  public record Limits(@Nullable Integer held, @Nullable String heldBytes) {}

  /** Bounds of the replica count. */
  public record Replicas(@Nullable Integer min, @Nullable Integer max, @Nullable Integer onWake) {}

  /** A metric source beside the gateway's own traffic. */
  public record Source(@Nullable String name, @Nullable String type) {}

  /** What the autoscaler found and decided. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Status(
      long observedGeneration,
      @Nullable List<Condition> conditions,
      @Nullable State state,
      @Nullable Integer replicas,
      @Nullable Integer rememberedReplicas,
      @Nullable String selector,
      @Nullable List<MappedService> services,
      @Nullable Instant lastActivityTime,
      @Nullable Transition nextTransition,
      @Nullable Instant adoptedAt,
      @Nullable Instant bypassGraceUntil,
      @Nullable String message) {
    /** Copies the lists. */
    public Status {
      conditions = Lists.kept(conditions);
      services = Lists.kept(services);
    }

    /** Returns the same status with other Services. */
    public Status serving(List<MappedService> others) {
      return new Status(
          observedGeneration,
          conditions,
          state,
          replicas,
          rememberedReplicas,
          selector,
          others,
          lastActivityTime,
          nextTransition,
          adoptedAt,
          bypassGraceUntil,
          message);
    }

    /** Finds a condition. */
    public Optional<Condition> condition(String type) {
      return conditions == null
          ? Optional.empty()
          : conditions.stream().filter(c -> c.type().equals(type)).findFirst();
    }

    /** Returns whether a condition is there and True. */
    public boolean holds(String type) {
      return condition(type).filter(Condition::isTrue).isPresent();
    }
  }

  /** A Service whose traffic the gateway takes. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record MappedService(String name, @Nullable String uid, @Nullable List<MappedPort> ports) {
    /** Replaces what is absent by empty text and copies the ports. */
    public MappedService {
      name = Lists.text(name);
      ports = Lists.kept(ports);
    }
  }

  /**
   * A port of a mapped Service.
   *
   * @param wakeable false for protocols that the gateway cannot hold: they work while awake only
   *     where their slices are the controller's
   */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  public record MappedPort(String name, int port, String protocol, boolean wakeable) {
    /** Replaces what is absent by empty text. */
    public MappedPort {
      name = Lists.text(name);
      protocol = Lists.text(protocol);
    }
  }

  /** What comes next if nothing happens. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Transition(@Nullable Instant at, @Nullable String to, @Nullable String reason) {}

  /** Returns how traffic reaches the gateway. */
  public Path path() {
    return spec.path() == null ? Path.Always : spec.path();
  }

  /** Returns what Ebb may do. */
  public Mode mode() {
    return spec.mode() == null ? Mode.Enforce : spec.mode();
  }

  /** Returns the workload, or null when the spec does not name one completely. */
  public @Nullable ScaleTarget target() {
    TargetRef ref = spec.targetRef();
    if (ref == null || ref.apiVersion().isBlank() || ref.kind().isBlank() || ref.name().isBlank()) {
      return null;
    }
    return new ScaleTarget(
        ref.apiVersion(), ref.kind(), new ResourceKey(metadata.namespace(), ref.name()));
  }

  /** Returns the Services that the autoscaler has mapped; the gateway serves these. */
  public List<MappedService> mappedServices() {
    List<MappedService> services = status.services();
    return services == null ? List.of() : services;
  }

  /** Returns the replica count from before sleep, or null when none is remembered. */
  public @Nullable Integer remembered() {
    String text = metadata.annotations().get(REMEMBERED_REPLICAS);
    if (text == null || !text.matches("[0-9]{1,6}")) {
      return null;
    }
    return Integer.valueOf(text);
  }
}
