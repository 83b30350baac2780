package dev.ebb.autoscaler.plan;

import dev.ebb.runtime.freeze.Freeze;
import dev.ebb.runtime.model.Durations;
import dev.ebb.runtime.model.HorizontalPodAutoscaler;
import dev.ebb.runtime.model.ScaledResource.Mode;
import dev.ebb.runtime.model.Workload;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.scaler.ScaleTarget;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Everything that must hold before a workload may sleep, each with its value. */
final class Gates {

  private Gates() {}

  /** When the hand-over was complete and until when old connections may go past it. */
  record Adoption(@Nullable Instant at, @Nullable Instant graceUntil) {}

  static List<Gate> of(
      Observed observed,
      Settings settings,
      Validation.Findings findings,
      Handover.Result handover,
      Adoption adoption,
      Instant activeUntil) {
    List<Gate> gates = new ArrayList<>();
    Mode mode = observed.resource().mode();
    gates.add(Gate.of("Mode", mode == Mode.Enforce, "spec.mode is " + mode));
    gates.add(
        Gate.of(
            "NotFrozen",
            observed.freeze().isEmpty(),
            observed.freeze().map(Freeze::message).orElse("nothing is frozen")));
    gates.add(
        Gate.of(
            "Valid",
            !findings.staysUp() && findings.problems().stream().noneMatch(Gates::blocks),
            reasons(findings.problems())));
    gates.add(
        Gate.of(
            "GatewayReady",
            observed.gateway().ready(),
            observed.gateway().readyAddresses().size() + " ready gateway replicas"));
    gates.add(
        Gate.of(
            "BehindGateway",
            handover.complete() && adoption.at() != null,
            handover.complete()
                ? "complete since " + adoption.at()
                : handover.waiting().isEmpty()
                    ? reasons(handover.problems())
                    : "waits for " + String.join(", ", handover.waiting())));
    Instant now = observed.now();
    if (adoption.at() != null) {
      gates.add(
          Gate.until(
              "Settled",
              adoption.at().plus(settings.settle()),
              now,
              "hand-over complete since " + adoption.at()));
      gates.add(
          Gate.until(
              "AdoptionGrace",
              adoption.graceUntil(),
              now,
              adoption.graceUntil() == null
                  ? "no connections from before the hand-over"
                  : "connections from before the hand-over may last until "
                      + adoption.graceUntil()));
    }
    addActivity(gates, observed, findings.idleAfter(), activeUntil);
    if (findings.target() != null && findings.found() != null) {
      gates.add(hpa(observed, findings.target()));
      gates.add(rollout(findings.target(), findings.found()));
    }
    return gates;
  }

  private static void addActivity(
      List<Gate> gates, Observed observed, @Nullable Duration idleAfter, Instant activeUntil) {
    Instant now = observed.now();
    ResourceKey key = observed.resource().key();
    List<String> unheard = unheard(observed);
    gates.add(
        Gate.of(
            "NotBusy",
            unheard.isEmpty() && !observed.activity().busy(key, now),
            unheard.isEmpty()
                ? observed.activity().explain(key, now)
                : "gateway " + unheard.getFirst() + ": not heard yet"));
    gates.add(
        idleAfter == null
            ? Gate.of("Idle", false, "spec.idleAfter cannot be read")
            : idle(observed, idleAfter, activeUntil));
  }

  private static Gate idle(Observed observed, Duration idleAfter, Instant activeUntil) {
    Instant now = observed.now();
    Optional<SleepWish> wish =
        SleepWish.of(observed.resource()).filter(w -> w.counts(activeUntil, now));
    if (wish.isPresent()) {
      return Gate.of("Idle", true, "asked to sleep at " + wish.get().at());
    }
    return Gate.until(
        "Idle",
        activeUntil.plus(idleAfter),
        now,
        "last active %s, sleeps after %s".formatted(activeUntil, Durations.format(idleAfter)));
  }

  /** Replicas that are listed and that nobody listens to yet: what is not known is activity. */
  private static List<String> unheard(Observed observed) {
    List<String> heard =
        observed.activity().replicas().stream().map(ActivityView.Replica::address).toList();
    return observed.gateway().addresses().stream().filter(a -> !heard.contains(a)).toList();
  }

  private static Gate hpa(Observed observed, ScaleTarget target) {
    List<HorizontalPodAutoscaler> hpas = States.hpas(observed, target);
    boolean wantsMore =
        hpas.stream().anyMatch(h -> h.status().desiredReplicas() > h.status().currentReplicas());
    return Gate.of(
        "HpaQuiet",
        !wantsMore,
        hpas.isEmpty()
            ? "no HPA"
            : hpas.stream()
                .map(h ->
                    "%s wants %d of %d"
                        .formatted(
                            h.metadata().name(),
                            h.status().desiredReplicas(),
                            h.status().currentReplicas()))
                .collect(Collectors.joining(", ")));
  }

  private static Gate rollout(ScaleTarget target, TargetView.Found found) {
    Workload workload = found.workload();
    if (workload == null) {
      return Gate.of("NoRollout", true, "not known for this kind");
    }
    Workload.Status status = workload.status();
    boolean behind = status.observedGeneration() < workload.metadata().generation();
    boolean counts = status.replicas() != workload.replicas();
    boolean old =
        !target.kind().equals("ReplicaSet") && status.updatedReplicas() < workload.replicas();
    return Gate.of(
        "NoRollout",
        !behind && !counts && !old,
        "%d of %d updated, %d there"
            .formatted(status.updatedReplicas(), workload.replicas(), status.replicas()));
  }

  private static boolean blocks(Problem problem) {
    return problem.weight() != Problem.Weight.NOTE;
  }

  private static String reasons(List<Problem> problems) {
    return problems.isEmpty()
        ? "nothing wrong"
        : problems.stream().map(Problem::reason).distinct().collect(Collectors.joining(", "));
  }
}
