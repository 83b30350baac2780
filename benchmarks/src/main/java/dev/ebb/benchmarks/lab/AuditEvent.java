package dev.ebb.benchmarks.lab;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import tools.jackson.databind.JsonNode;

/**
 * One write, as the API server wrote it down.
 *
 * @param verb as in {@code patch}
 * @param resource plural, with its subresource: {@code deployments/scale}
 * @param namespace of the object
 * @param name of the object; empty where the server makes it up
 * @param userPod the pod whose service-account token was used; empty for others
 * @param code the answer's status
 * @param received when the request had arrived, in microseconds since 1970
 * @param done when it was answered, likewise
 */
public record AuditEvent(
    String verb,
    String resource,
    String namespace,
    String name,
    String userPod,
    int code,
    long received,
    long done) {

  /** Reads an event of audit.k8s.io/v1. */
  static AuditEvent of(JsonNode event) {
    JsonNode object = event.path("objectRef");
    String subresource = object.path("subresource").asString("");
    return new AuditEvent(
        event.path("verb").asString(""),
        object.path("resource").asString("") + (subresource.isEmpty() ? "" : "/" + subresource),
        object.path("namespace").asString(""),
        object.path("name").asString(""),
        event
            .path("user")
            .path("extra")
            .path("authentication.kubernetes.io/pod-name")
            .path(0)
            .asString(""),
        event.path("responseStatus").path("code").asInt(0),
        micros(event.path("requestReceivedTimestamp").asString()),
        micros(event.path("stageTimestamp").asString()));
  }

  private static long micros(String time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(time));
  }

  /** Whether it is a write of this kind that was done. */
  public boolean did(String wantedVerb, String wantedResource, String wantedNamespace) {
    return verb.equals(wantedVerb)
        && resource.equals(wantedResource)
        && namespace.equals(wantedNamespace)
        && code >= 200
        && code < 300;
  }
}
