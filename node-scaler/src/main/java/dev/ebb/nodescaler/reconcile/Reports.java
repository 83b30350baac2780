package dev.ebb.nodescaler.reconcile;

import dev.ebb.nodescaler.api.Node;
import dev.ebb.nodescaler.api.NodeBuffer;
import dev.ebb.nodescaler.api.NodeBuffer.Status;
import dev.ebb.nodescaler.plan.Buffer;
import dev.ebb.nodescaler.plan.Decision;
import dev.ebb.nodescaler.plan.Finding;
import dev.ebb.nodescaler.plan.Plan;
import dev.ebb.nodescaler.plan.Statuses;
import dev.ebb.nodescaler.plan.Step;
import dev.ebb.runtime.kube.EventRecorder;
import dev.ebb.runtime.kube.EventRecorder.Subject;
import dev.ebb.runtime.model.Condition;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Events of buffers and nodes: one for each thing that happened, none for what stays as it was.
 * Thread-safe; never blocks.
 */
public final class Reports {

  private static final Logger log = LoggerFactory.getLogger(Reports.class);

  /** What holds a buffer back without anything being wrong. */
  private static final Set<String> WANTED =
      Set.of("Observing", "Paused", "SuiteFrozen", "NamespaceFrozen", "Applied");

  private final EventRecorder events;

  /** Creates the reporter. */
  public Reports(EventRecorder events) {
    this.events = events;
  }

  /** Reports what a new status says that the one before did not. */
  void report(Subject subject, Status before, Decision decision, Status status) {
    String knew = before.condition(Statuses.VALID).map(Condition::message).orElse("");
    for (Finding finding : decision.buffer().findings()) {
      if (!knew.contains(finding.text().substring(0, Math.min(300, finding.text().length())))) {
        events.warning(subject, finding.fatal() ? "Invalid" : "Doubtful", finding.text());
      }
    }
    status
        .condition(Statuses.APPLIED)
        .filter(applied ->
            !applied.reason().equals("Invalid")
                && !before
                    .condition(Statuses.APPLIED)
                    .map(Condition::reason)
                    .orElse("Applied")
                    .equals(applied.reason()))
        .ifPresent(applied -> {
          if (WANTED.contains(applied.reason())) {
            events.normal(subject, applied.reason(), applied.message());
          } else {
            events.warning(subject, applied.reason(), applied.message());
          }
        });
  }

  void grown(Subject subject, Step.Grow step, int size, Plan.Counts counts) {
    String why =
        "%d of %d slots are free, %d servers wait"
            .formatted(counts.free(), counts.desired(), counts.pending());
    log.info("{}: size {} -> {}: {}", subject.metadata().name(), step.from(), size, why);
    events.normal(subject, "ScaledUp", "size %d -> %d: %s".formatted(step.from(), size, why));
  }

  void notGrown(Subject subject, Step.Grow step, String why) {
    events.warning(
        subject, "ScaleUpFailed", "size %d -> %d: %s".formatted(step.from(), step.to(), why));
  }

  void marked(Node node, Buffer buffer) {
    events.normal(
        subject(node),
        "Draining",
        "NodeBuffer %s has more free slots than it wants: no new servers; it goes when it is empty"
            .formatted(Buffer.name(buffer.key())));
  }

  void unmarked(Node node, String why) {
    events.normal(subject(node), "DrainingEnded", "Servers may be scheduled here again: " + why);
  }

  void deleted(Subject subject, Node node) {
    log.info("{}: node {} is deleted", subject.metadata().name(), node.metadata().name());
    events.normal(subject(node), "Deleting", "Nothing runs here: the cloud is asked to delete it");
    events.normal(subject, "ScaledDown", "node " + node.metadata().name() + " is deleted");
  }

  void occupied(Node node, String pod) {
    events.normal(
        subject(node), "Occupied", "It stays: pod " + pod + " was found by the last look at it");
  }

  void resumed(NodeBuffer buffer) {
    events.normal(Subject.of(NodeBuffer.TYPE, buffer), "PauseEnded", "The pause is over");
  }

  private static Subject subject(Node node) {
    return Subject.of(Node.TYPE, node);
  }
}
