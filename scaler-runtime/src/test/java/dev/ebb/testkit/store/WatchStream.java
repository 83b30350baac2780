package dev.ebb.testkit.store;

import dev.ebb.testkit.store.ObjectStore.Change;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import okio.Buffer;
import okio.Source;
import okio.Timeout;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** One watch: lines that are read as they come. Thread-safe. */
final class WatchStream implements Source, Consumer<Change> {

  private final JsonMapper json;
  private final ApiKind kind;
  private final @Nullable String namespace;
  private final Predicate<JsonNode> selected;
  private final boolean bookmarks;
  private final Runnable onWait;
  private final Consumer<WatchStream> onClose;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Buffer pending = new Buffer();
  private final List<String> heldBack = new ArrayList<>();
  private boolean held;
  private boolean waiting;
  private boolean ended;
  private boolean closed;

  WatchStream(
      JsonMapper json,
      ApiKind kind,
      @Nullable String namespace,
      Predicate<JsonNode> selected,
      boolean bookmarks,
      Runnable onWait,
      Consumer<WatchStream> onClose) {
    this.onWait = onWait;
    this.json = json;
    this.kind = kind;
    this.namespace = namespace;
    this.selected = selected;
    this.bookmarks = bookmarks;
    this.onClose = onClose;
  }

  ApiKind kind() {
    return kind;
  }

  /** Sends a change if the watch is about the object, before it or after it. */
  @Override
  public void accept(Change change) {
    boolean concerned =
        change.key().kind().equals(kind)
            && (namespace == null || change.key().namespace().equals(namespace));
    if (!concerned) {
      return;
    }
    boolean was = change.before() != null && selected.test(change.before());
    boolean is = change.after() != null && selected.test(change.after());
    if (is) {
      send(was ? "MODIFIED" : "ADDED", change.last());
    } else if (was) {
      ObjectNode gone = change.before().deepCopy();
      gone.withObjectProperty("metadata").put("resourceVersion", Long.toString(change.revision()));
      send("DELETED", gone);
    }
  }

  /** Sends where the store is, if the watcher asked for that. */
  void bookmark(long revision) {
    if (bookmarks) {
      ObjectNode object = json.createObjectNode();
      object.put("kind", kind.kind()).put("apiVersion", kind.apiVersion());
      object.putObject("metadata").put("resourceVersion", Long.toString(revision));
      send("BOOKMARK", object);
    }
  }

  void send(String type, ObjectNode object) {
    ObjectNode event = json.createObjectNode();
    event.put("type", type).set("object", object);
    String line = json.writeValueAsString(event) + "\n";
    lock.lock();
    try {
      if (held) {
        heldBack.add(line);
      } else {
        pending.writeString(line, StandardCharsets.UTF_8);
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Keeps back what comes from now on, or lets it go. */
  void hold(boolean hold) {
    lock.lock();
    try {
      held = hold;
      if (!hold) {
        heldBack.forEach(line -> pending.writeString(line, StandardCharsets.UTF_8));
        heldBack.clear();
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Ends the stream after what is pending. */
  void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether the reader has taken everything and waits for more. */
  boolean drained() {
    lock.lock();
    try {
      return waiting && pending.exhausted() && !ended;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long read(Buffer sink, long byteCount) throws IOException {
    lock.lock();
    try {
      while (pending.exhausted() && !ended && !closed) {
        waiting = true;
        onWait.run();
        changed.await();
      }
      if (closed) {
        throw new IOException("closed");
      }
      return pending.exhausted() ? -1 : pending.read(sink, byteCount);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    } finally {
      waiting = false;
      lock.unlock();
    }
  }

  @Override
  public Timeout timeout() {
    return Timeout.NONE;
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    onClose.accept(this);
  }
}
