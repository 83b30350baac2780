package dev.ebb.runtime.admin;

import dev.ebb.runtime.kube.EventRecorder;
import dev.ebb.runtime.kube.EventRecorder.Subject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down who changed what through an admin API: as an Event on the object, and in the log.
 * Thread-safe; never blocks.
 */
public final class Audit {

  private static final Logger log = LoggerFactory.getLogger(Audit.class);

  private final EventRecorder events;

  /** Creates the audit over a service's Events. */
  public Audit(EventRecorder events) {
    this.events = events;
  }

  /**
   * Records one change.
   *
   * @param verb the API's word, as in {@code wake}; the reason is {@code AdminWake}
   * @param what what happened
   */
  public void record(Subject subject, String verb, Caller caller, String what) {
    String reason = "Admin" + Character.toUpperCase(verb.charAt(0)) + verb.substring(1);
    events.normal(subject, reason, what + "; asked by " + caller);
    log.info(
        "{} {}/{}: {}; asked by {}",
        reason,
        subject.metadata().namespace(),
        subject.metadata().name(),
        what,
        caller);
  }
}
