package dev.ebb.scaler;

/**
 * The object whose replica count is set: any Kubernetes kind with a {@code scale} subresource for
 * the default {@link ResourceScaler}, anything at all for a plug-in.
 *
 * @param apiVersion group and version as in a manifest, for example {@code apps/v1}; never blank
 * @param kind the kind, for example {@code Deployment}; never blank
 * @param key where the object is
 */
public record ScaleTarget(String apiVersion, String kind, ResourceKey key) {

  /** Rejects blank parts with an {@link IllegalArgumentException} that names the part. */
  public ScaleTarget {
    ResourceKey.requireText(apiVersion, "apiVersion");
    ResourceKey.requireText(kind, "kind");
  }

  /** Returns the API group, empty for the core group. */
  public String group() {
    int slash = apiVersion.indexOf('/');
    return slash < 0 ? "" : apiVersion.substring(0, slash);
  }

  /** Returns the version without the group. */
  public String version() {
    return apiVersion.substring(apiVersion.indexOf('/') + 1);
  }

  /** Returns {@code Kind namespace/name} for messages. */
  @Override
  public String toString() {
    return kind + " " + key;
  }
}
