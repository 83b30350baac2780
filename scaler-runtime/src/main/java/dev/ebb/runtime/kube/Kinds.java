package dev.ebb.runtime.kube;

import dev.ebb.scaler.ScaleTarget;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;

/**
 * Finds where a kind is served, by API discovery. What was found is remembered for the life of the
 * process (a kind's resource name never changes); what was not found is asked for anew.
 * Thread-safe.
 */
public final class Kinds {

  private final KubeClient client;
  private final Map<String, ResourceType<JsonNode>> known = new ConcurrentHashMap<>();

  /** Creates a finder over a client. */
  public Kinds(KubeClient client) {
    this.client = client;
  }

  /**
   * Finds a target's resource.
   *
   * @return empty when the API serves no such kind, or the kind has no {@code scale} subresource
   * @throws KubeException when discovery cannot be read
   */
  public Optional<ResourceType<JsonNode>> scalable(ScaleTarget target) {
    String id = target.apiVersion() + "/" + target.kind();
    ResourceType<JsonNode> hit = known.get(id);
    if (hit != null) {
      return Optional.of(hit);
    }
    Optional<ResourceType<JsonNode>> found = discover(target);
    found.ifPresent(type -> known.put(id, type));
    return found;
  }

  private Optional<ResourceType<JsonNode>> discover(ScaleTarget target) {
    String root = target.group().isEmpty() ? "/api/" : "/apis/" + target.group() + "/";
    JsonNode resources;
    try {
      resources = client.getRaw(root + target.version()).path("resources");
    } catch (KubeException e) {
      if (e.notFound()) {
        return Optional.empty();
      }
      throw e;
    }
    for (JsonNode resource : resources) {
      String name = resource.path("name").asString("");
      if (resource.path("kind").asString("").equals(target.kind()) && !name.contains("/")) {
        return hasScale(resources, name)
            ? Optional.of(
                new ResourceType<>(
                    target.group(), target.version(), name, target.kind(), JsonNode.class))
            : Optional.empty();
      }
    }
    return Optional.empty();
  }

  private static boolean hasScale(JsonNode resources, String plural) {
    for (JsonNode resource : resources) {
      if (resource.path("name").asString("").equals(plural + "/scale")) {
        return true;
      }
    }
    return false;
  }
}
