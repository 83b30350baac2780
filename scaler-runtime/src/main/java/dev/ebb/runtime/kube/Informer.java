package dev.ebb.runtime.kube;

import dev.ebb.scaler.ResourceKey;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * A cache of all objects of a kind, fed by one list and a watch.
 *
 * <p>Takes the place of client-java's {@code SharedIndexInformer}, which asks for no bookmarks,
 * lists from the watch cache (and so may go back in time) and hands out shared mutable objects.
 * Here: bookmarks are asked for, lists are quorum reads, and one that goes back in time all the
 * same is not taken; values are immutable records, a dead connection is found by pings, tries are
 * spread and spaced out, own writes are seen at once ({@link #wrote}), and {@link #lastContact()}
 * says honestly how old the view is.
 *
 * <p>Thread-safe. Handlers run one at a time, in order; they must be quick.
 *
 * @param <T> an immutable record of the object
 */
public final class Informer<T extends KubeObject> implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Informer.class);

  /**
   * The first pause between two tries to reach the API server. All informers of a process share one
   * connection: what cuts it makes all of them come back, and shorter would be a storm.
   */
  private static final Duration FIRST_BACKOFF = Duration.ofMillis(200);

  /** The longest pause between two tries to reach the API server. */
  private static final Duration MAX_BACKOFF = Duration.ofSeconds(2);

  /** A watch that ended earlier counts as a failure. */
  private static final Duration SHORT_WATCH = Duration.ofSeconds(1);

  /** How long lists that go back in time are refused. */
  static final Duration STALE_PATIENCE = Duration.ofMinutes(1);

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
  private final ObjectCache<T> cache;
  private final CountDownLatch synced = new CountDownLatch(1);
  private volatile Instant lastContact = Instant.EPOCH;
  private volatile long staleLists;
  private @Nullable Instant staleSince;
  // Where the watch goes on, null for a list; the informer's own thread alone uses it.
  private @Nullable String position;
  private volatile @Nullable String lastProblem;
  private volatile boolean closed;
  private volatile @Nullable Thread thread;
  private volatile @Nullable Watch watch;

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
    this.cache = new ObjectCache<>(type.plural(), clock);
  }

  /** Adds a handler; before {@link #start()}, or it misses what is there already. */
  public Informer<T> onChange(Handler<T> handler) {
    cache.onChange(handler);
    return this;
  }

  /** Starts listing and watching on a virtual thread, once. Returns at once. */
  public synchronized Informer<T> start() {
    if (thread != null) {
      return this;
    }
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

  /** Returns whether this informer was stopped. */
  boolean closed() {
    return closed;
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
    return cache.get(key);
  }

  /** Returns all objects as last seen. */
  public Collection<T> list() {
    return cache.list();
  }

  /** Returns the objects of a namespace as last seen. */
  public Stream<T> inNamespace(String wanted) {
    return cache.stream().filter(o -> o.metadata().namespace().equals(wanted));
  }

  /**
   * Takes in what this process has just written, so that whoever reads the cache sees the own write
   * at once: the cache never shows an older state of the object again. Does nothing when the watch
   * was quicker, or when the object is none of those that are watched. The handlers are told.
   *
   * @param answer the object as the API server answered the write
   */
  public void wrote(T answer) {
    if (watches(answer.key())) {
      cache.wrote(answer);
    }
  }

  /** Takes in that this process has deleted an object: it is not seen again. */
  public void deleted(Meta seen) {
    cache.deleted(seen);
  }

  /**
   * Remembers that an object was written in a way that did not answer with the object, as through
   * {@code scale}. Until the cache has caught up, {@link #behind} says so.
   *
   * @param version the object's version after the write
   */
  public void expect(ResourceKey key, String version) {
    if (watches(key)) {
      cache.expect(key, new ResourceVersion(version));
    }
  }

  /**
   * Returns whether the cache shows an older state of an object than this process has written. Not
   * for longer than half a minute: then the watch is believed.
   */
  public boolean behind(ResourceKey key) {
    return cache.behind(key);
  }

  /** What this informer counts, for metrics. */
  public InformerCounts counts() {
    return new InformerCounts(cache.size(), cache.pending(), cache.expired(), staleLists);
  }

  // Whether an object that is new to a cache with selectors belongs there, the watch has to say.
  private boolean watches(ResourceKey key) {
    return (namespace == null || namespace.equals(key.namespace()))
        && (selectors.isEmpty() || cache.get(key).isPresent());
  }

  /** Stops watching; the cache stays readable. */
  @Override
  public void close() {
    closed = true;
    Watch open = watch;
    if (open != null) {
      open.cancel();
    }
    Thread running = thread;
    if (running != null) {
      running.interrupt();
    }
  }

  private void run() {
    int failures = 0;
    while (!closed) {
      Duration least = Duration.ZERO;
      try {
        String from = position == null ? relist() : position;
        position = from;
        long opened = System.nanoTime();
        watch(from);
        // A server that ends each watch at once must not be asked in a tight loop.
        if (System.nanoTime() - opened >= SHORT_WATCH.toNanos()) {
          failures = 0;
          continue;
        }
      } catch (KubeException e) {
        // Whoever is back after an outage may have been restored from a backup: only a list shows.
        position = null;
        least = e.retryAfter();
        failed(e);
      } catch (RuntimeException e) {
        // Unreadable, or something that nobody thought of: the view must not stay old for that.
        position = null;
        log.debug("{} from the API server", type.plural(), e);
        failed(e);
      } catch (IOException e) {
        // A connection that broke while it was read; what came before it is known: on from there.
        failed(e);
      }
      if (!closed && !pause(failures++, least)) {
        return;
      }
    }
  }

  private void failed(Exception e) {
    if (!closed) {
      lastProblem = e.getMessage();
      log.warn("cannot read {}, trying again: {}", type.plural(), e.getMessage());
    }
  }

  private boolean pause(int failures, Duration least) {
    long millis =
        Math.min(MAX_BACKOFF.toMillis(), FIRST_BACKOFF.toMillis() << Math.min(failures, 10));
    try {
      TimeUnit.MILLISECONDS.sleep(
          Math.max(least.toMillis(), millis / 2)
              + ThreadLocalRandom.current().nextLong(millis / 2 + 1));
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private String relist() throws IOException {
    KubeClient.Page<T> page = client.list(type, namespace, selectors);
    ResourceVersion version = new ResourceVersion(page.resourceVersion());
    boolean back = version.olderThan(cache.seen());
    if (back) {
      acceptOnlyIfItStays(version);
    } else {
      staleSince = null;
    }
    contact();
    cache.replace(page.items(), version, back);
    synced.countDown();
    return page.resourceVersion();
  }

  /**
   * A list that is older than what was seen comes from an API server that lags behind: nothing is
   * taken from it. One that stays so is the truth, after a restore from a backup.
   */
  private void acceptOnlyIfItStays(ResourceVersion version) throws IOException {
    staleLists++;
    Instant now = clock.instant();
    Instant since = staleSince;
    if (since == null) {
      since = now;
      staleSince = now;
    }
    String what =
        "the list of "
            + type.plural()
            + " is of version "
            + version.text()
            + ", but version "
            + cache.seen().text()
            + " was seen already";
    if (now.isBefore(since.plus(STALE_PATIENCE))) {
      throw new IOException(what + "; the API server lags behind");
    }
    log.error("{}, and stays so: taking it; was the cluster restored from a backup?", what);
    staleSince = null;
  }

  /** Watches until it ends; {@link #position} says then where to go on, or to list anew. */
  private void watch(String from) throws IOException {
    Map<String, String> query = new HashMap<>(selectors);
    query.put("watch", "true");
    query.put("allowWatchBookmarks", "true");
    query.put("resourceVersion", from);
    query.put("timeoutSeconds", Long.toString(ThreadLocalRandom.current().nextLong(300, 600)));
    try (Watch open = client.openWatch(type.path(namespace, null, null), query)) {
      watch = open;
      if (closed) {
        return;
      }
      contact();
      BufferedSource source = open.events();
      for (String line = source.readUtf8Line(); line != null; line = source.readUtf8Line()) {
        contact();
        JsonNode event = client.json().readTree(line);
        position = accept(event.path("type").asString(""), event.path("object"));
        if (position == null) {
          return;
        }
      }
    } catch (KubeException e) {
      if (e.code() != 410) {
        throw e;
      }
      position = null;
    } catch (InterruptedIOException e) {
      // A quiet read timeout: bookmarks should have come, so the view may be old. List anew.
      log.debug("watch of {} was silent for too long", type.plural());
      position = null;
    } finally {
      watch = null;
    }
  }

  private @Nullable String accept(String event, JsonNode object) {
    String version = object.path("metadata").path("resourceVersion").asString("");
    switch (event) {
      case "BOOKMARK" -> cache.reached(new ResourceVersion(version));
      case "ADDED", "MODIFIED" -> cache.changed(decode(object));
      case "DELETED" -> cache.gone(decode(object));
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

  private void contact() {
    lastContact = clock.instant();
    lastProblem = null;
  }
}
