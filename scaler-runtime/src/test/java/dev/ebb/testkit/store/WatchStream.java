package dev.ebb.testkit.store;

import dev.ebb.testkit.store.ObjectStore.Change;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** One watch of the store: tells what it is about. Thread-safe. */
final class WatchStream implements Consumer<Change> {

  private final JsonMapper json;
  private final ApiKind kind;
  private final @Nullable String namespace;
  private final Predicate<JsonNode> selected;
  private final boolean bookmarks;
  private final LineStream lines;

  WatchStream(
      JsonMapper json,
      ApiKind kind,
      @Nullable String namespace,
      Predicate<JsonNode> selected,
      boolean bookmarks,
      Runnable onWait,
      Consumer<WatchStream> onClose) {
    this.json = json;
    this.kind = kind;
    this.namespace = namespace;
    this.selected = selected;
    this.bookmarks = bookmarks;
    this.lines = new LineStream(onWait, () -> onClose.accept(this));
  }

  ApiKind kind() {
    return kind;
  }

  /** Returns what its reader reads. */
  LineStream lines() {
    return lines;
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
    lines.send(json.writeValueAsString(event) + "\n", () -> {});
  }
}
