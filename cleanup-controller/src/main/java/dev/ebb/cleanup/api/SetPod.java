package dev.ebb.cleanup.api;

import dev.ebb.runtime.kube.KubeObject;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.kube.ResourceType;
import dev.ebb.runtime.model.Condition;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A pod under an ordinal's name: the set's own, or the one that cleans up. */
public record SetPod(Meta metadata, Spec spec, Status status) implements KubeObject {

  /** Where pods are served. */
  public static final ResourceType<SetPod> TYPE =
      new ResourceType<>("", "v1", "pods", "Pod", SetPod.class);

  /** Replaces what is absent by empty values. */
  public SetPod {
    metadata = metadata == null ? Meta.named("", "") : metadata;
    spec = spec == null ? new Spec(List.of()) : spec;
    status = status == null ? new Status("", "", "", List.of(), List.of(), List.of()) : status;
  }

  /** What is read of the spec. */
  public record Spec(List<Container> containers) {
    /** Copies the list. */
    public Spec {
      containers = containers == null ? List.of() : List.copyOf(containers);
    }
  }

  /** A container's name. */
  public record Container(@Nullable String name) {}

  /** What is read of the status. */
  public record Status(
      String phase,
      String reason,
      String message,
      List<Condition> conditions,
      List<ContainerStatus> containerStatuses,
      List<ContainerStatus> initContainerStatuses) {
    /** Replaces what is absent by empty values. */
    public Status {
      phase = phase == null ? "" : phase;
      reason = reason == null ? "" : reason;
      message = message == null ? "" : message;
      conditions = conditions == null ? List.of() : List.copyOf(conditions);
      containerStatuses = containerStatuses == null ? List.of() : List.copyOf(containerStatuses);
      initContainerStatuses =
          initContainerStatuses == null ? List.of() : List.copyOf(initContainerStatuses);
    }
  }

  /** How a container is doing. */
  public record ContainerStatus(
      @Nullable String name, int restartCount, @Nullable State state, @Nullable State lastState) {}

  /** A container's state; at most one is set. */
  public record State(
      @Nullable Waiting waiting, @Nullable Running running, @Nullable Ended terminated) {}

  /** Why a container does not run. */
  public record Waiting(@Nullable String reason, @Nullable String message) {}

  /** That a container runs. */
  public record Running(@Nullable String startedAt) {}

  /** How a container ended. */
  public record Ended(int exitCode, @Nullable String reason, @Nullable String message) {}

  /** Returns whether it is Ready and stays. */
  public boolean ready() {
    return !metadata.deleting()
        && status.conditions().stream().anyMatch(c -> c.type().equals("Ready") && c.isTrue());
  }

  /** Returns whether a condition is True. */
  public boolean condition(String type) {
    return status.conditions().stream().anyMatch(c -> c.type().equals(type) && c.isTrue());
  }

  /** Returns the states of all containers, those that run before the others first. */
  public Stream<ContainerStatus> containers() {
    return Stream.concat(
        status.initContainerStatuses().stream(), status.containerStatuses().stream());
  }

  /** Returns whether any of its containers has ever run. */
  public boolean started() {
    boolean pending = status.phase().isEmpty() || status.phase().equals("Pending");
    return !pending
        || containers()
            .anyMatch(c ->
                c.restartCount() > 0
                    || (c.state() != null
                        && (c.state().running() != null || c.state().terminated() != null)));
  }
}
