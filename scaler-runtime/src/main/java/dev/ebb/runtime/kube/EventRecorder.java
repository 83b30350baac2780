package dev.ebb.runtime.kube;

import dev.ebb.scaler.ResourceKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Records Kubernetes Events on the objects that users look at. Equal Events (object, reason,
 * message) are one Event whose count rises; the same one is written at most once in ten seconds, so
 * a failing loop cannot flood the API server. An API server that is too busy or away is asked
 * again, later and later, for about four minutes, and not by more than a few requests at once.
 * Never blocks and never throws: an Event that could not be written at all is logged. Thread-safe.
 */
public final class EventRecorder {

  private static final Logger log = LoggerFactory.getLogger(EventRecorder.class);
  private static final long QUIET_SECONDS = 10;
  private static final int REMEMBERED = 10_000;
  private static final int AT_ONCE = 8;
  private static final int WAITING = 10_000;
  private static final int TRIES = 12;
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
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

  /** Runs something after a pause, on a thread that is not the caller's. Never blocks. */
  @FunctionalInterface
  public interface Later {
    /** What is to be done again is not done again. */
    Later NEVER = (pause, task) -> {};

    /** Runs the task after the pause. */
    void run(Duration pause, Runnable task);
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
  private final Later later;
  private final Semaphore turns = new Semaphore(AT_ONCE);
  private final AtomicInteger waiting = new AtomicInteger();
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
    this(
        client,
        executor,
        clock,
        instance,
        (pause, task) ->
            CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS, executor)
                .execute(task));
  }

  /**
   * Creates a recorder that is told how to wait.
   *
   * @param executor runs the writes; virtual threads
   * @param instance names this replica in the Event
   * @param later runs what an API server could not take yet
   */
  public EventRecorder(
      KubeClient client, Executor executor, InstantSource clock, String instance, Later later) {
    // An Event steers nothing: whoever sees something tells it, the leader or not.
    this.client = client.unguarded();
    this.executor = executor;
    this.later = later;
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
      Told told = new Told(subject, severity, reason, message, name);
      executor.execute(() -> write(told, 1));
    }
  }

  private record Told(
      Subject subject, Severity severity, String reason, String message, String name) {

    /** Events on objects without a namespace live where kubectl looks for them. */
    String namespace() {
      String own = subject.metadata().namespace();
      return own == null || own.isEmpty() ? "default" : own;
    }
  }

  private void write(Told told, int attempt) {
    String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    turns.acquireUninterruptibly();
    try {
      client.create(EVENTS, told.namespace(), event(told, now));
    } catch (KubeException e) {
      if (e.conflict()) {
        // The name taken at a second attempt may be the first one's work: an answer was lost.
        if (attempt == 1) {
          countUp(new ResourceKey(told.namespace(), told.name()), now);
        }
      } else if (!e.transientFailure() || !again(told, attempt, e)) {
        log.warn(
            "cannot record Event {} on {}: {}",
            told.reason(),
            told.subject().metadata().name(),
            e.getMessage());
      }
    } finally {
      turns.release();
    }
  }

  private boolean again(Told told, int attempt, KubeException refusal) {
    if (attempt >= TRIES) {
      return false;
    }
    if (waiting.incrementAndGet() > WAITING) {
      waiting.decrementAndGet();
      return false;
    }
    later.run(
        pause(attempt, refusal.retryAfter(), ThreadLocalRandom.current().nextDouble()),
        () -> {
          waiting.decrementAndGet();
          write(told, attempt + 1);
        });
    return true;
  }

  /**
   * How long to wait after an attempt that failed: doubled each time, up to half a minute, never
   * less than the API server asked for.
   *
   * @param attempt from 1
   * @param random from 0 to 1; what fails together shall not come back together
   */
  static Duration pause(int attempt, Duration asked, double random) {
    Duration doubled = FIRST_PAUSE.multipliedBy(1L << Math.min(attempt - 1, 10));
    Duration own = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    Duration least = own.compareTo(asked) > 0 ? own : asked;
    return least.plusMillis((long) (own.toMillis() / 2.0 * random));
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

  private ObjectNode event(Told told, String now) {
    Subject subject = told.subject();
    Meta meta = subject.metadata();
    ObjectNode event = client.json().createObjectNode();
    event.put("apiVersion", "v1").put("kind", "Event");
    event.putObject("metadata").put("name", told.name()).put("namespace", told.namespace());
    event
        .putObject("involvedObject")
        .put("apiVersion", subject.apiVersion())
        .put("kind", subject.kind())
        .put("namespace", meta.namespace())
        .put("name", meta.name())
        .put("uid", meta.uid());
    event
        .put("type", told.severity().text)
        .put("reason", told.reason())
        .put("message", told.message());
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
