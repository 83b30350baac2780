package dev.ebb.selector.reconcile;

import dev.ebb.runtime.kube.EventRecorder;
import dev.ebb.runtime.kube.EventRecorder.Subject;
import dev.ebb.runtime.model.Condition;
import dev.ebb.runtime.model.Service;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.selector.api.ServicePool;
import dev.ebb.selector.api.ServicePool.Status;
import dev.ebb.selector.plan.Change;
import dev.ebb.selector.plan.Change.Cause;
import dev.ebb.selector.plan.Claims;
import dev.ebb.selector.plan.Finding;
import dev.ebb.selector.plan.Member;
import dev.ebb.selector.plan.Plan;
import dev.ebb.selector.plan.Statuses;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Events of pools and their Services: one for each thing that happened, none for what stays as
 * it was. Thread-safe; never blocks.
 */
public final class Reports {

  private static final Logger log = LoggerFactory.getLogger(Reports.class);

  /** What holds a pool back without anything being wrong. */
  private static final Set<String> WANTED =
      Set.of("Observing", "Paused", "SuiteFrozen", "NamespaceFrozen", "Moving", "Assigned");

  private final EventRecorder events;
  // What was told of a Service that is refused, so that it is told once.
  private final Map<ResourceKey, String> told = new ConcurrentHashMap<>();

  /** Creates the reporter. */
  public Reports(EventRecorder events) {
    this.events = events;
  }

  /** Reports what a new status says that the one before did not. */
  void report(Subject pool, Status before, Plan plan, Status status) {
    String knew = before.condition(Statuses.VALID).map(Condition::message).orElse("");
    for (Finding finding : plan.findings()) {
      if (!knew.contains(finding.text().substring(0, Math.min(300, finding.text().length())))) {
        events.warning(pool, finding.fatal() ? "Invalid" : "Doubtful", finding.text());
      }
    }
    status
        .condition(Statuses.APPLIED)
        .filter(applied ->
            !applied.reason().equals("Invalid")
                && !before
                    .condition(Statuses.APPLIED)
                    .map(Condition::reason)
                    .orElse("Assigned")
                    .equals(applied.reason()))
        .ifPresent(applied -> {
          if (WANTED.contains(applied.reason())) {
            events.normal(pool, applied.reason(), applied.message());
          } else {
            events.warning(pool, applied.reason(), applied.message());
          }
        });
    plan.claims().refused().forEach(this::refused);
    plan.claims().members().forEach(m -> told.remove(m.service().key()));
    plan.contested().forEach(this::contested);
  }

  private void refused(Claims.Refusal refusal) {
    if (!refusal.reason().equals(told.put(refusal.service().key(), refusal.reason()))) {
      events.warning(
          subject(refusal.service()),
          "Refused" + refusal.reason(),
          "Not managed: " + refusal.message());
    }
  }

  private void contested(Member member) {
    events.warning(
        subject(member.service()),
        "Contested",
        "Somebody else changes its selector; it is left so for now. It belongs to "
            + member.decided());
  }

  void changed(Subject pool, Change change) {
    log.info("{}", change.text());
    if (change.cause() == Cause.REPAIR) {
      events.warning(
          subject(change.service()),
          "SelectorRepaired",
          "Somebody else changed it; it points at " + change.pod() + " again");
    } else if (change.cause().move()) {
      events.normal(pool, "ServiceMoved", change.text());
    }
  }

  void released(Service service) {
    told.remove(service.key());
    events.normal(
        subject(service),
        "SelectorRestored",
        "No pool has it: its selector says what it said before");
  }

  void resumed(ServicePool pool) {
    events.normal(Subject.of(ServicePool.TYPE, pool), "PauseEnded", "The pause is over");
  }

  private static Subject subject(Service service) {
    return Subject.of(Service.TYPE, service);
  }
}
