package dev.ebb.runtime.kube;

import dev.ebb.runtime.kube.KubeClient.PatchType;
import dev.ebb.scaler.ResourceKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The writes of a controller: patches and deletions only on top of what was read (UID and
 * resourceVersion), finalizers by their value, what Ebb owns by server-side apply. Each write is
 * seen in the given caches before the method returns, so a reconciler never decides on a state that
 * is older than its own writes. Blocks. Thread-safe.
 */
public final class ObjectWriter {

  private final KubeClient client;
  private final List<Informer<?>> caches;

  /**
   * Creates a writer.
   *
   * @param caches are told of each write to their kinds
   */
  public ObjectWriter(KubeClient client, List<? extends Informer<?>> caches) {
    this.client = client;
    this.caches = List.copyOf(caches);
  }

  /** Returns an empty patch or manifest to fill. */
  public ObjectNode node() {
    return client.json().createObjectNode();
  }

  /** Returns what an object is written as. */
  public JsonNode json(Object value) {
    return client.json().valueToTree(value);
  }

  /** Creates an object; a {@link KubeException} of conflict means that the name is taken. */
  public <T extends KubeObject> T create(ResourceType<T> type, String namespace, Object body) {
    return written(type, client.create(type, namespace, body));
  }

  /**
   * Applies what Ebb owns of an object; see {@link KubeClient#apply(String, Object, String...)}.
   */
  public <T extends KubeObject> T apply(
      ResourceType<T> type, ResourceKey key, Object body, String... meant) {
    return written(type, client.apply(type, key, body, meant));
  }

  /**
   * Patches an object if it is still as it was read.
   *
   * @param seen what was read
   * @param subresource for example {@code status}, or null
   * @param change an RFC 7386 merge patch; its preconditions are added here
   */
  public <T extends KubeObject> T patch(
      ResourceType<T> type, Meta seen, @Nullable String subresource, ObjectNode change) {
    ObjectNode patch = change.deepCopy();
    ObjectNode meta =
        patch.path("metadata") instanceof ObjectNode given ? given : patch.putObject("metadata");
    meta.put("uid", seen.uid()).put("resourceVersion", seen.resourceVersion());
    return written(type, client.patch(type, path(type, seen, subresource), PatchType.MERGE, patch));
  }

  /**
   * Deletes an object if it is still as it was read.
   *
   * @return false when it was gone already
   */
  public <T extends KubeObject> boolean delete(ResourceType<T> type, Meta seen) {
    JsonNode answer = client.deleted(type, seen).orElse(null);
    // An object with finalizers stays for now and is answered as it is; others are gone.
    if (answer != null && answer.path("metadata").has("deletionTimestamp")) {
      written(type, client.json().treeToValue(answer, type.javaType()));
    } else {
      cachesOf(type).forEach(cache -> cache.deleted(seen));
    }
    return answer != null;
  }

  /** Puts a finalizer on an object that has not got it, behind those of others. */
  public <T extends KubeObject> T addFinalizer(ResourceType<T> type, T object, String finalizer) {
    Meta seen = object.metadata();
    if (seen.finalizers().contains(finalizer)) {
      return object;
    }
    List<String> all = new ArrayList<>(seen.finalizers());
    all.add(finalizer);
    ObjectNode patch = node();
    ArrayNode list = patch.putObject("metadata").putArray("finalizers");
    all.forEach(list::add);
    return patch(type, seen, null, patch);
  }

  /**
   * Takes a finalizer from an object by its value; others' stay whatever happens meanwhile. An
   * object that is gone needs none.
   *
   * @throws KubeException of conflict when others' finalizers changed meanwhile, or the object is
   *     another one
   */
  public <T extends KubeObject> void removeFinalizer(
      ResourceType<T> type, T object, String finalizer) {
    Meta seen = object.metadata();
    int at = seen.finalizers().indexOf(finalizer);
    if (at < 0) {
      return;
    }
    ArrayNode patch = client.json().createArrayNode();
    String path = "/metadata/finalizers/" + at;
    test(patch, "/metadata/uid", seen.uid());
    test(patch, path, finalizer);
    patch.addObject().put("op", "remove").put("path", path);
    try {
      written(type, client.patch(type, path(type, seen, null), PatchType.JSON, patch));
    } catch (KubeException e) {
      if (e.code() == 422) {
        // A test that does not hold: somebody was quicker.
        throw new KubeException(409, "Conflict", String.valueOf(e.getMessage()));
      }
      if (!e.notFound()) {
        throw e;
      }
    }
  }

  private static void test(ArrayNode patch, String path, String value) {
    patch.addObject().put("op", "test").put("path", path).put("value", value);
  }

  private static String path(ResourceType<?> type, Meta seen, @Nullable String subresource) {
    return type.path(seen.namespace(), seen.name(), subresource);
  }

  private <T extends KubeObject> T written(ResourceType<T> type, T answer) {
    cachesOf(type).forEach(cache -> cache.wrote(answer));
    return answer;
  }

  @SuppressWarnings("unchecked") // An informer's type says what it holds.
  private <T extends KubeObject> List<Informer<T>> cachesOf(ResourceType<T> type) {
    return caches.stream()
        .filter(cache -> cache.type().equals(type))
        .map(cache -> (Informer<T>) cache)
        .toList();
  }
}
