package dev.ebb.runtime.kube;

import dev.ebb.scaler.ResourceKey;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * A cache of all objects of a kind, fed by one list and a watch.
 *
 * <p>Takes the place of client-java's {@code SharedIndexInformer}, which asks for no bookmarks,
 * lists from the watch cache (and so may go back in time) and hands out shared mutable objects.
 * Here: bookmarks are asked for, lists are quorum reads, values are immutable records, a dead
 * connection is found by pings, and {@link #lastContact()} says honestly how old the view is.
 *
 * <p>Thread-safe. Handlers run on the informer's own thread, in order; they must be quick.
 *
 * @param <T> an immutable record of the object
 */
public final class Informer<T extends KubeObject> implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Informer.class);

  /** The longest pause between two tries to reach the API server. */
  private static final Duration MAX_BACKOFF = Duration.ofSeconds(2);

  /** What changed: {@code before} null means added, {@code after} null means deleted. */
  public record Change<T>(@Nullable T before, @Nullable T after) {
    /** Returns the object after the change, or before it when it is gone. */
    public T any() {
      T value = after != null ? after : before;
      if (value == null) {
        throw new IllegalStateException("a change of nothing");
      }
      return value;
    }
  }

  /** Is told of every change, and of everything when the cache is filled for the first time. */
  @FunctionalInterface
  public interface Handler<T> {
    /** Handles one change. Must not block. */
    void onChange(Change<T> change);
  }

  private final KubeClient client;
  private final ResourceType<T> type;
  private final @Nullable String namespace;
  private final Map<String, String> selectors;
  private final InstantSource clock;
  private final Map<ResourceKey, T> objects = new ConcurrentHashMap<>();
  private final List<Handler<T>> handlers = new CopyOnWriteArrayList<>();
  private final CountDownLatch synced = new CountDownLatch(1);
  private volatile Instant lastContact = Instant.EPOCH;
  private volatile @Nullable String lastProblem;
  private volatile boolean closed;
  private volatile @Nullable Thread thread;
  private volatile @Nullable Response watch;

  /**
   * Creates an informer; {@link #start()} starts it.
   *
   * @param namespace the namespace to look at, or null for all
   * @param selectors query parameters such as {@code labelSelector}
   * @param clock tells the time for {@link #lastContact()}
   */
  public Informer(
      KubeClient client,
      ResourceType<T> type,
      @Nullable String namespace,
      Map<String, String> selectors,
      InstantSource clock) {
    this.client = client;
    this.type = type;
    this.namespace = namespace;
    this.selectors = Map.copyOf(selectors);
    this.clock = clock;
  }

  /** Adds a handler; before {@link #start()}, or it misses what is there already. */
  public Informer<T> onChange(Handler<T> handler) {
    handlers.add(handler);
    return this;
  }

  /** Starts listing and watching on a virtual thread. Returns at once. */
  public Informer<T> start() {
    thread = Thread.ofVirtual().name("informer-" + type.plural()).start(this::run);
    return this;
  }

  /**
   * Waits until the cache was filled once.
   *
   * @return false when that did not happen within the timeout
   */
  public boolean awaitSync(Duration timeout) throws InterruptedException {
    return synced.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Returns whether the cache was filled once. */
  public boolean synced() {
    return synced.getCount() == 0;
  }

  /** Returns when the API server last told us anything, {@link Instant#EPOCH} if never. */
  public Instant lastContact() {
    return lastContact;
  }

  /** Returns why the API server cannot be read now, or null while it can. */
  public @Nullable String lastProblem() {
    return lastProblem;
  }

  /** Returns what this informer caches. */
  public ResourceType<T> type() {
    return type;
  }

  /** Returns one object as last seen. */
  public Optional<T> get(ResourceKey key) {
    return Optional.ofNullable(objects.get(key));
  }

  /** Returns all objects as last seen. */
  public Collection<T> list() {
    return List.copyOf(objects.values());
  }

  /** Returns the objects of a namespace as last seen. */
  public Stream<T> inNamespace(String wanted) {
    return objects.values().stream().filter(o -> o.metadata().namespace().equals(wanted));
  }

  /** Stops watching; the cache stays readable. */
  @Override
  public void close() {
    closed = true;
    Response open = watch;
    if (open != null) {
      open.close();
    }
    Thread running = thread;
    if (running != null) {
      running.interrupt();
    }
  }

  private void run() {
    int failures = 0;
    while (!closed) {
      try {
        String version = relist();
        failures = 0;
        while (!closed && version != null) {
          version = watch(version);
        }
      } catch (KubeException | IOException | JacksonException e) {
        if (closed) {
          return;
        }
        lastProblem = e.getMessage();
        log.warn("cannot read {}, trying again: {}", type.plural(), e.getMessage());
        if (!pause(failures++)) {
          return;
        }
      }
    }
  }

  private boolean pause(int failures) {
    long millis = Math.min(MAX_BACKOFF.toMillis(), 50L << Math.min(failures, 10));
    try {
      TimeUnit.MILLISECONDS.sleep(
          millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1));
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private String relist() {
    KubeClient.Page<T> page = client.list(type, namespace, selectors);
    contact();
    Set<ResourceKey> gone = new HashSet<>(objects.keySet());
    for (T item : page.items()) {
      gone.remove(item.key());
      put(item);
    }
    gone.forEach(this::remove);
    synced.countDown();
    return page.resourceVersion();
  }

  /** Watches until the server ends it; returns where to go on, or null to list anew. */
  private @Nullable String watch(String from) throws IOException {
    Map<String, String> query = new HashMap<>(selectors);
    query.put("watch", "true");
    query.put("allowWatchBookmarks", "true");
    query.put("resourceVersion", from);
    query.put("timeoutSeconds", Long.toString(ThreadLocalRandom.current().nextLong(300, 600)));
    String version = from;
    try (Response response = client.openWatch(type.path(namespace, null, null), query)) {
      watch = response;
      ResponseBody body = response.body();
      if (body == null || closed) {
        return version;
      }
      contact();
      BufferedSource source = body.source();
      for (String line = source.readUtf8Line(); line != null; line = source.readUtf8Line()) {
        contact();
        JsonNode event = client.json().readTree(line);
        String next = accept(event.path("type").asString(""), event.path("object"));
        if (next == null) {
          return null;
        }
        version = next;
      }
      return version;
    } catch (KubeException e) {
      if (e.code() == 410) {
        return null;
      }
      throw e;
    } catch (InterruptedIOException e) {
      // A quiet read timeout: bookmarks should have come, so the view may be old. List anew.
      log.debug("watch of {} was silent for too long", type.plural());
      return null;
    } finally {
      watch = null;
    }
  }

  private @Nullable String accept(String event, JsonNode object) {
    String version = object.path("metadata").path("resourceVersion").asString("");
    switch (event) {
      case "BOOKMARK" -> {}
      case "ADDED", "MODIFIED" -> put(decode(object));
      case "DELETED" -> remove(decode(object).key());
      default -> {
        log.info("watch of {} ended: {}", type.plural(), object.path("message").asString(event));
        return null;
      }
    }
    return version;
  }

  private T decode(JsonNode object) {
    return client.json().treeToValue(object, type.javaType());
  }

  private void put(T item) {
    T before = objects.put(item.key(), item);
    if (before == null
        || !before.metadata().resourceVersion().equals(item.metadata().resourceVersion())) {
      tell(new Change<>(before, item));
    }
  }

  private void remove(ResourceKey key) {
    T before = objects.remove(key);
    if (before != null) {
      tell(new Change<>(before, null));
    }
  }

  private void tell(Change<T> change) {
    for (Handler<T> handler : handlers) {
      try {
        handler.onChange(change);
      } catch (RuntimeException e) {
        log.error("a handler of {} failed on {}", type.plural(), change.any().key(), e);
      }
    }
  }

  private void contact() {
    lastContact = clock.instant();
    lastProblem = null;
  }
}
