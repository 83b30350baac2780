package dev.ebb.benchmarks.wake;

import dev.ebb.benchmarks.lab.AuditEvent;
import dev.ebb.localcluster.ClusterException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/**
 * When one request's wake reached its phases, in microseconds since 1970.
 *
 * @param gateway the gateway pod that woke
 * @param sent just before the client wrote the request: not later than its last header byte's
 *     arrival at the gateway
 * @param patched when the API server had received the PATCH of {@code scale}
 * @param created when the pod was created
 * @param bound when the pod was bound to its node
 * @param started when the pod's process had come to its own code
 * @param accepted when the pod accepted its first connection
 * @param firstByte when the client saw the answer's first byte
 */
record Wake(
    String gateway,
    long sent,
    long patched,
    long created,
    long bound,
    long started,
    long accepted,
    long firstByte) {

  /**
   * Puts one wake together.
   *
   * @param answer what the client says
   * @param body what the pod says
   * @param events what the API server wrote down meanwhile
   */
  static Wake of(String namespace, JsonNode answer, JsonNode body, List<AuditEvent> events) {
    long sent = answer.path("sent").asLong();
    String pod = body.path("pod").asString("");
    AuditEvent patch =
        first(events, sent, e -> e.did("patch", "deployments/scale", namespace), "the PATCH");
    AuditEvent created =
        first(events, patch.received(), e -> e.did("create", "pods", namespace), "the pod");
    AuditEvent bound =
        first(
            events,
            created.received(),
            e -> e.did("create", "pods/binding", namespace) && e.name().equals(pod),
            "the binding of " + pod);
    return new Wake(
        patch.userPod(),
        sent,
        patch.received(),
        created.done(),
        bound.done(),
        micros(body.path("startedAt").asString()),
        micros(body.path("firstAcceptAt").asString()),
        answer.path("firstByte").asLong());
  }

  private static AuditEvent first(
      List<AuditEvent> events, long from, Predicate<AuditEvent> wanted, String what) {
    return events.stream()
        .filter(event -> event.received() >= from)
        .filter(wanted)
        .findFirst()
        .orElseThrow(() -> new ClusterException("the audit log does not tell " + what));
  }

  private static long micros(String time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(time));
  }
}
