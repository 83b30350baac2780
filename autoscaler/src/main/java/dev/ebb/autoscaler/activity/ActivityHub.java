package dev.ebb.autoscaler.activity;

import dev.ebb.autoscaler.plan.ActivityView;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Keeps one activity stream to every gateway replica that is listed, and adds up what they say.
 * Thread-safe.
 */
public final class ActivityHub implements AutoCloseable {

  /** Opens streams. */
  public interface Streams {
    /** What is told of a stream. */
    interface Listener {
      /** One event's data. */
      void onData(String data);
    }

    /**
     * Keeps a stream to a replica open, again and again, until the handle is closed.
     *
     * @param address the replica
     */
    Handle open(String address, Listener listener);

    /** A stream that is kept open. */
    interface Handle {
      /** Ends it. */
      void close();
    }
  }

  private record Replica(ReplicaState state, Streams.Handle stream) {}

  private final Streams streams;
  private final InstantSource clock;
  private final JsonMapper json;
  private final Duration silence;
  private final Map<String, Replica> replicas = new HashMap<>();
  private Instant floor;

  /**
   * Creates a hub that listens to nobody yet.
   *
   * @param silence a replica that says nothing for so long is unknown
   */
  public ActivityHub(Streams streams, InstantSource clock, JsonMapper json, Duration silence) {
    this.streams = streams;
    this.clock = clock;
    this.json = json;
    this.silence = silence;
    this.floor = clock.instant();
  }

  /** Counts everything as active now: the listening begins, or leadership was just won. */
  public synchronized void restart() {
    floor = clock.instant();
  }

  /** Listens to exactly these replicas. One that is gone took its counters with it: activity. */
  public synchronized void listed(List<String> addresses) {
    Set<String> gone = new HashSet<>(replicas.keySet());
    addresses.forEach(gone::remove);
    for (String address : gone) {
      Replica replica = replicas.remove(address);
      if (replica != null) {
        replica.stream().close();
      }
      floor = clock.instant();
    }
    for (String address : addresses) {
      replicas.computeIfAbsent(address, this::listen);
    }
  }

  private Replica listen(String address) {
    ReplicaState state = new ReplicaState(address, silence, clock.instant());
    return new Replica(state, streams.open(address, data -> accept(state, data)));
  }

  private void accept(ReplicaState state, String data) {
    try {
      state.accept(json.readValue(data, ActivityEvent.class), clock.instant());
    } catch (JacksonException | IllegalArgumentException e) {
      throw new IllegalStateException("unreadable activity event", e);
    }
  }

  /** Returns what is known now. */
  public synchronized ActivityView view() {
    List<ActivityView.Replica> views = new ArrayList<>();
    replicas.values().forEach(replica -> views.add(replica.state().view()));
    return new ActivityView(floor, silence, views);
  }

  @Override
  public synchronized void close() {
    replicas.values().forEach(replica -> replica.stream().close());
    replicas.clear();
  }
}
