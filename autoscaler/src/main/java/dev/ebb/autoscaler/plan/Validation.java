package dev.ebb.autoscaler.plan;

import dev.ebb.runtime.model.Durations;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.scaler.ScaleTarget;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds what is wrong with a resource, its target and its Services. */
final class Validation {

  /**
   * What was found.
   *
   * @param target the target; null when the spec names none
   * @param found the target as it is; null when it is not there or not this resource's own
   * @param loses whether another resource has the target
   * @param unreadable whether nobody knows how the target is: everything stays as it is
   * @param idleAfter the window; null when it cannot be read
   */
  record Findings(
      @Nullable ScaleTarget target,
      TargetView.@Nullable Found found,
      boolean loses,
      boolean unreadable,
      @Nullable Duration idleAfter,
      Mapping mapping,
      List<Problem> problems) {

    /** Returns whether Ebb must keep away from the Services. */
    boolean refused() {
      return found == null || worst(Problem.Weight.REFUSED);
    }

    /** Returns whether the workload must not sleep. */
    boolean staysUp() {
      return refused() || worst(Problem.Weight.STAYS_UP);
    }

    private boolean worst(Problem.Weight weight) {
      return problems.stream().anyMatch(p -> p.weight() == weight);
    }
  }

  private static final Mapping NOTHING = new Mapping(List.of(), List.of());

  private Validation() {}

  static Findings check(Observed observed) {
    ScaledResource resource = observed.resource();
    List<Problem> problems = new ArrayList<>();
    Duration idleAfter = checkSpec(resource, problems);
    ScaleTarget target = resource.target();
    if (target == null) {
      problems.add(
          Problem.refused(
              ConditionTypes.TARGET,
              "InvalidTargetRef",
              "spec.targetRef must name apiVersion, kind and name of the workload"));
      return new Findings(null, null, false, false, idleAfter, NOTHING, problems);
    }
    Optional<ScaledResource> winner = winner(observed, target);
    winner.ifPresent(w ->
        problems.add(
            Problem.refused(
                ConditionTypes.TARGET,
                "TargetConflict",
                "spec.targetRef: ScaledResource %s already scales %s; delete one of them"
                    .formatted(w.metadata().name(), target))));
    return switch (observed.target()) {
      case TargetView.Missing missing -> {
        problems.add(Problem.refused(ConditionTypes.TARGET, missing.reason(), missing.message()));
        yield new Findings(target, null, winner.isPresent(), false, idleAfter, NOTHING, problems);
      }
      case TargetView.Unreadable unreadable -> {
        problems.add(
            Problem.staysUp(ConditionTypes.TARGET, unreadable.reason(), unreadable.message()));
        yield new Findings(target, null, winner.isPresent(), true, idleAfter, NOTHING, problems);
      }
      case TargetView.Found found -> {
        Mapping mapping = winner.isPresent() ? NOTHING : ServiceMapper.map(observed, target, found);
        problems.addAll(mapping.problems());
        yield new Findings(target, found, winner.isPresent(), false, idleAfter, mapping, problems);
      }
    };
  }

  private static Optional<ScaledResource> winner(Observed observed, ScaleTarget target) {
    return observed.others().stream()
        .filter(other -> !other.metadata().deleting() && target.equals(other.target()))
        .min(ServiceMapper.Precedence.ORDER)
        .filter(other -> ServiceMapper.Precedence.ORDER.compare(other, observed.resource()) < 0);
  }

  private static @Nullable Duration checkSpec(ScaledResource resource, List<Problem> problems) {
    ScaledResource.Spec spec = resource.spec();
    for (String field : spec.unreadable()) {
      problems.add(
          Problem.refused(
              ConditionTypes.VALID,
              "Unreadable",
              "%s: its value makes no sense; kubectl explain scaledresource.%s says what may stand there"
                  .formatted(field, field)));
    }
    Duration idleAfter = duration("spec.idleAfter", spec.idleAfter(), "10m", problems);
    duration("spec.wakeTimeout", spec.wakeTimeout(), "5m", problems);
    if (resource.path() != ScaledResource.Path.Always) {
      problems.add(
          Problem.refused(
              ConditionTypes.VALID,
              "PathNotSupported",
              "spec.path: %s is not supported yet; use Always".formatted(resource.path())));
    }
    ScaledResource.Replicas replicas = spec.replicas();
    if (replicas != null && replicas.min() != null && replicas.min() > 0) {
      problems.add(
          Problem.staysUp(
              ConditionTypes.VALID,
              "MinAboveZero",
              "spec.replicas.min: %d keeps the workload up; set it to 0 to let it sleep"
                  .formatted(replicas.min())));
    }
    if (spec.sources() != null && !spec.sources().isEmpty()) {
      problems.add(
          Problem.staysUp(
              ConditionTypes.VALID,
              "SourceNotSupported",
              "spec.sources: metric sources are not supported yet; remove them"));
    }
    return idleAfter;
  }

  private static @Nullable Duration duration(
      String field, @Nullable String text, String standard, List<Problem> problems) {
    Optional<Duration> parsed =
        Durations.parse(text == null ? standard : text).filter(d -> !d.isZero());
    if (parsed.isEmpty()) {
      problems.add(
          Problem.refused(
              ConditionTypes.VALID,
              "InvalidDuration",
              "%s: \"%s\" is not a duration longer than zero; write for example \"%s\""
                  .formatted(field, text, standard)));
    }
    return parsed.orElse(null);
  }
}
