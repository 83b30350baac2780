package dev.ebb.runtime.kube;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The part of object metadata that Ebb keeps. Absent maps and lists are empty, absent strings are
 * empty, absent times are null.
 *
 * @param name the object's name
 * @param namespace its namespace, empty for cluster-scoped objects
 * @param uid its identity across re-creation
 * @param resourceVersion its version for optimistic locking
 * @param generation the version of its spec, 0 where the kind has none
 * @param creationTimestamp when it was created
 * @param deletionTimestamp when its deletion was asked for; null while it is to stay
 * @param labels its labels
 * @param annotations its annotations
 * @param finalizers its finalizers
 * @param ownerReferences its owners
 */
public record Meta(
    String name,
    String namespace,
    String uid,
    String resourceVersion,
    long generation,
    @Nullable Instant creationTimestamp,
    @Nullable Instant deletionTimestamp,
    Map<String, String> labels,
    Map<String, String> annotations,
    List<String> finalizers,
    List<Owner> ownerReferences) {

  /** An owner reference. */
  public record Owner(String apiVersion, String kind, String name, String uid, boolean controller) {
    /** Replaces what is absent by empty values. */
    public Owner {
      apiVersion = text(apiVersion);
      kind = text(kind);
      name = text(name);
      uid = text(uid);
    }
  }

  /** Replaces what is absent by empty values and copies the collections. */
  public Meta {
    name = text(name);
    namespace = text(namespace);
    uid = text(uid);
    resourceVersion = text(resourceVersion);
    labels = copy(labels);
    annotations = copy(annotations);
    finalizers = finalizers == null ? List.of() : List.copyOf(finalizers);
    ownerReferences = ownerReferences == null ? List.of() : List.copyOf(ownerReferences);
  }

  /** Returns metadata with nothing but a namespace and a name. */
  public static Meta named(String namespace, String name) {
    return named(namespace, name, "");
  }

  /** Returns metadata with nothing but a namespace, a name and a UID. */
  public static Meta named(String namespace, String name, String uid) {
    return new Meta(
        name, namespace, uid, "", 0, null, null, Map.of(), Map.of(), List.of(), List.of());
  }

  /** Returns whether deletion was asked for. */
  public boolean deleting() {
    return deletionTimestamp != null;
  }

  /** Returns the owner that controls the object, or null. */
  public @Nullable Owner controller() {
    return ownerReferences.stream().filter(Owner::controller).findFirst().orElse(null);
  }

  // Jackson hands null in for what the JSON does not hold, whatever the declared type says.
  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }

  private static Map<String, String> copy(@Nullable Map<String, String> map) {
    return map == null ? Map.of() : Map.copyOf(map);
  }
}
