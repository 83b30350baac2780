package dev.ebb.runtime.kube;

import dev.ebb.scaler.ResourceKey;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.zip.CRC32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Records Kubernetes Events on the objects that users look at. Equal Events (object, reason,
 * message) are one Event whose count rises; the same one is written at most once in ten seconds, so
 * a failing loop cannot flood the API server. Never blocks and never throws: an Event that cannot
 * be written is logged. Thread-safe.
 */
public final class EventRecorder {

  private static final Logger log = LoggerFactory.getLogger(EventRecorder.class);
  private static final long QUIET_SECONDS = 10;
  private static final int REMEMBERED = 10_000;
  private static final ResourceType<JsonNode> EVENTS =
      new ResourceType<>("", "v1", "events", "Event", JsonNode.class);

  /** How much an Event matters to its reader. */
  public enum Severity {
    /** Something happened as it should. */
    NORMAL("Normal"),
    /** Somebody should look. */
    WARNING("Warning");

    private final String text;

    Severity(String text) {
      this.text = text;
    }
  }

  /**
   * The object of an Event.
   *
   * @param apiVersion group and version of its kind
   * @param kind its kind
   * @param metadata its metadata
   */
  public record Subject(String apiVersion, String kind, Meta metadata) {
    /** Makes a subject of an object and its type. */
    public static <T extends KubeObject> Subject of(ResourceType<T> type, T object) {
      return new Subject(type.apiVersion(), type.kind(), object.metadata());
    }
  }

  private final KubeClient client;
  private final Executor executor;
  private final InstantSource clock;
  private final String component;
  private final String instance;
  private final Map<String, Long> lastWritten = new ConcurrentHashMap<>();

  /**
   * Creates a recorder.
   *
   * @param executor runs the writes; virtual threads
   * @param instance names this replica in the Event
   */
  public EventRecorder(KubeClient client, Executor executor, InstantSource clock, String instance) {
    // An Event steers nothing: whoever sees something tells it, the leader or not.
    this.client = client.unguarded();
    this.executor = executor;
    this.clock = clock;
    this.component = client.fieldManager();
    this.instance = instance;
  }

  /** Records an Event with severity Normal. */
  public void normal(Subject subject, String reason, String message) {
    record(subject, Severity.NORMAL, reason, message);
  }

  /** Records an Event with severity Warning. */
  public void warning(Subject subject, String reason, String message) {
    record(subject, Severity.WARNING, reason, message);
  }

  private void record(Subject subject, Severity severity, String reason, String message) {
    String name = eventName(subject, reason, message);
    long now = clock.instant().getEpochSecond();
    if (lastWritten.size() > REMEMBERED) {
      lastWritten.values().removeIf(at -> now - at > QUIET_SECONDS);
    }
    boolean[] fresh = {false};
    lastWritten.compute(
        name,
        (key, before) -> {
          fresh[0] = before == null || now - before >= QUIET_SECONDS;
          return fresh[0] ? now : before;
        });
    if (fresh[0]) {
      executor.execute(() -> write(subject, severity, reason, message, name));
    }
  }

  private void write(
      Subject subject, Severity severity, String reason, String message, String name) {
    String namespace = subject.metadata().namespace();
    String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    try {
      client.create(EVENTS, namespace, event(subject, severity, reason, message, name, now));
    } catch (KubeException e) {
      if (e.conflict()) {
        countUp(new ResourceKey(namespace, name), now);
      } else {
        log.warn(
            "cannot record Event {} on {}: {}", reason, subject.metadata().name(), e.getMessage());
      }
    }
  }

  private void countUp(ResourceKey key, String now) {
    try {
      JsonNode before = client.get(EVENTS, key);
      ObjectNode patch = client.json().createObjectNode();
      patch.put("count", before.path("count").asInt(1) + 1).put("lastTimestamp", now);
      client.patch(EVENTS, key, null, KubeClient.PatchType.MERGE, patch);
    } catch (KubeException e) {
      log.debug("cannot count Event {} up: {}", key, e.getMessage());
    }
  }

  private ObjectNode event(
      Subject subject, Severity severity, String reason, String message, String name, String now) {
    Meta meta = subject.metadata();
    ObjectNode event = client.json().createObjectNode();
    event.put("apiVersion", "v1").put("kind", "Event");
    event.putObject("metadata").put("name", name).put("namespace", meta.namespace());
    event
        .putObject("involvedObject")
        .put("apiVersion", subject.apiVersion())
        .put("kind", subject.kind())
        .put("namespace", meta.namespace())
        .put("name", meta.name())
        .put("uid", meta.uid());
    event.put("type", severity.text).put("reason", reason).put("message", message);
    event.put("firstTimestamp", now).put("lastTimestamp", now).put("count", 1);
    event.putObject("source").put("component", component).put("host", instance);
    event.put("reportingComponent", component).put("reportingInstance", instance);
    return event;
  }

  private static String eventName(Subject subject, String reason, String message) {
    CRC32 hash = new CRC32();
    hash.update(
        (subject.metadata().uid() + '\n' + reason + '\n' + message)
            .getBytes(StandardCharsets.UTF_8));
    String base = subject.metadata().name();
    if (base.length() > 200) {
      base = base.substring(0, 200);
    }
    return base
        + "."
        + reason.toLowerCase(java.util.Locale.ROOT)
        + "."
        + Long.toHexString(hash.getValue());
  }
}
