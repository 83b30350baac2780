package dev.ebb.cleanup.plan;

import dev.ebb.cleanup.api.Names;
import dev.ebb.cleanup.api.SetPod;
import dev.ebb.cleanup.api.StatefulSet;
import dev.ebb.runtime.kube.Meta;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a cleanup pod says about itself. Stateless.
 *
 * @param pod the pod
 */
public record Lock(SetPod pod) {

  private static final Set<String> LOST =
      Set.of(
          "Evicted",
          "NodeLost",
          "NodeShutdown",
          "Shutdown",
          "Terminated",
          "Preempting",
          "NodeAffinity",
          "UnexpectedAdmissionError");

  /**
   * A failure.
   *
   * @param message what happened
   * @param lost whether the pod was taken away and its work has not failed
   */
  public record Failure(String message, boolean lost) {}

  /** Returns the set that a pod cleans up for, by its name; empty when it is no cleanup pod. */
  public static Optional<String> owner(Meta pod) {
    String owner = pod.annotations().get(Names.OWNER);
    owner = owner == null ? pod.annotations().get(Names.OLD_OWNER) : owner;
    Meta.Owner controller = pod.controller();
    return owner == null || (controller != null && controller.kind().equals("StatefulSet"))
        ? Optional.empty()
        : Optional.of(owner);
  }

  /** Returns a pod as the lock of a set's ordinal; empty when it is something else. */
  public static Optional<Lock> of(@Nullable SetPod pod, String set) {
    return pod != null && owner(pod.metadata()).filter(set::equals).isPresent()
        ? Optional.of(new Lock(pod))
        : Optional.empty();
  }

  /** Returns whether it was made for another set of the same name, which is gone. */
  public boolean stale(StatefulSet set) {
    String uid = pod.metadata().annotations().get(Names.SET_UID);
    if (uid != null) {
      return !uid.equals(set.metadata().uid());
    }
    List<String> owners =
        pod.metadata().ownerReferences().stream()
            .filter(o -> o.kind().equals("StatefulSet"))
            .map(Meta.Owner::uid)
            .toList();
    return !owners.isEmpty() && !owners.contains(set.metadata().uid());
  }

  /** Returns whether its work is done: all containers of its template have ended with 0. */
  public boolean succeeded() {
    if (pod.status().phase().equals("Succeeded")) {
      return true;
    }
    List<String> named = containers();
    Set<String> done =
        pod.status().containerStatuses().stream()
            .filter(c ->
                c.state() != null
                    && c.state().terminated() != null
                    && c.state().terminated().exitCode() == 0)
            .map(c -> Objects.requireNonNullElse(c.name(), ""))
            .collect(Collectors.toSet());
    return !named.isEmpty() && done.containsAll(named);
  }

  private List<String> containers() {
    String named = pod.metadata().annotations().get(Names.CONTAINERS);
    return named == null || named.isBlank()
        ? pod.spec().containers().stream()
            .map(c -> Objects.requireNonNullElse(c.name(), ""))
            .toList()
        : Arrays.asList(named.split(",", -1));
  }

  /** Returns why it will not succeed any more, or should not be waited for; empty while it may. */
  public Optional<Failure> failure(Policy policy, Instant now) {
    if (succeeded()) {
      return Optional.empty();
    }
    if (pod.status().phase().equals("Failed")) {
      boolean lost =
          LOST.contains(pod.status().reason())
              || pod.status().reason().startsWith("OutOf")
              || pod.condition("DisruptionTarget");
      return Optional.of(new Failure(text("failed"), lost));
    }
    int restarts = pod.containers().mapToInt(SetPod.ContainerStatus::restartCount).sum();
    if (restarts > policy.backoffLimit()) {
      return Optional.of(new Failure(text("failed %d times".formatted(restarts)), false));
    }
    Instant deadline = deadline(policy);
    if (deadline != null && !now.isBefore(deadline)) {
      return Optional.of(new Failure(text("did not end within its deadline"), false));
    }
    return Optional.empty();
  }

  /** Returns until when it may take; null for any time. */
  public @Nullable Instant deadline(Policy policy) {
    Instant made = pod.metadata().creationTimestamp();
    return policy.deadline() == null || made == null ? null : made.plus(policy.deadline());
  }

  private String text(String what) {
    String detail =
        pod.containers()
            .flatMap(c -> java.util.stream.Stream.of(c.state(), c.lastState()))
            .filter(Objects::nonNull)
            .filter(s -> s.terminated() != null && s.terminated().exitCode() != 0)
            .findFirst()
            .map(s -> ended(s.terminated()))
            .orElse(pod.status().message());
    String reason = pod.status().reason().isEmpty() ? "" : " (" + pod.status().reason() + ")";
    return "pod %s %s%s%s"
        .formatted(
            pod.metadata().name(), what, reason, detail.isBlank() ? "" : ": " + detail.strip());
  }

  private static String ended(SetPod.@Nullable Ended ended) {
    if (ended == null) {
      return "";
    }
    String message = ended.message() == null ? "" : firstLine(ended.message().strip());
    return "exit code " + ended.exitCode() + (message.isEmpty() ? "" : ", " + message);
  }

  /** The rest is in the log of the pod, which stays to be looked at. */
  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("") + (text.contains("\n") ? " …" : "");
  }

  /** Returns why it does not run yet; empty when nothing is known. */
  public String waiting() {
    return pod.containers()
        .map(SetPod.ContainerStatus::state)
        .filter(Objects::nonNull)
        .map(SetPod.State::waiting)
        .filter(Objects::nonNull)
        .findFirst()
        .map(w -> w.reason() + (w.message() == null ? "" : ": " + w.message()))
        .orElse("");
  }
}
