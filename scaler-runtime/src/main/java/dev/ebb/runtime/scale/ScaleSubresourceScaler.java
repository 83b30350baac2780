package dev.ebb.runtime.scale;

import dev.ebb.runtime.freeze.FreezeGate;
import dev.ebb.runtime.kube.Kinds;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.kube.KubeException;
import dev.ebb.runtime.kube.ResourceType;
import dev.ebb.runtime.kube.WriteGuard;
import dev.ebb.scaler.ResourceScaler;
import dev.ebb.scaler.Scale;
import dev.ebb.scaler.ScaleRequest;
import dev.ebb.scaler.ScaleTarget;
import dev.ebb.scaler.ScalerException;
import dev.ebb.scaler.ScalerException.Kind;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Drives any kind with a {@code scale} subresource: Deployments, StatefulSets, ReplicaSets and
 * custom resources alike. Ebb's own implementation, and the last that is asked. Thread-safe.
 *
 * <p>Writes by server-side apply. A zero that a patch or an update puts through {@code scale} is
 * recorded by nobody: {@code spec.replicas} of autoscaling/v1 is left out of its JSON when it is
 * zero, so the API server takes it for a field that was removed, and the next update of a field
 * that nobody owns is not recorded either. An applied zero is. So a zero without an owner was never
 * Ebb's, see {@link #UNTRACKED}.
 */
public final class ScaleSubresourceScaler implements ResourceScaler {

  /**
   * The {@link Scale#writer()} of a count that nobody is recorded for: {@code kubectl scale}, an
   * HPA, or whoever else updates {@code scale}; never Ebb.
   */
  public static final String UNTRACKED = "untracked";

  private final KubeClient client;
  private final Kinds kinds;
  private final Executor executor;

  /**
   * Creates the scaler.
   *
   * @param executor runs the writes, and reads that go on at the same time; virtual threads
   */
  public ScaleSubresourceScaler(KubeClient client, Kinds kinds, Executor executor) {
    this.client = client;
    this.kinds = kinds;
    this.executor = executor;
  }

  @Override
  public boolean drives(ScaleTarget target) {
    return true;
  }

  @Override
  public Scale getScale(ScaleTarget target) {
    try {
      ResourceType<JsonNode> type = type(target);
      CompletableFuture<JsonNode> meanwhile =
          CompletableFuture.supplyAsync(() -> client.get(type, target.key()), executor);
      JsonNode scale =
          client.getRaw(type.path(target.key().namespace(), target.key().name(), "scale"));
      JsonNode object = meanwhile.join();
      if (!version(object).equals(version(scale))) {
        // The writer must not be an older one than that of the version that a write will insist on.
        object = client.get(type, target.key());
      }
      return read(scale, lastWriter(object));
    } catch (KubeException e) {
      throw translate(target, e);
    } catch (CompletionException e) {
      if (e.getCause() instanceof KubeException cause) {
        throw translate(target, cause);
      }
      throw e;
    }
  }

  private static String version(JsonNode object) {
    return object.path("metadata").path("resourceVersion").asString("");
  }

  @Override
  public CompletableFuture<Scale> setScale(ScaleRequest request) {
    return CompletableFuture.supplyAsync(() -> write(request), executor);
  }

  private Scale write(ScaleRequest request) {
    ScaleTarget target = request.target();
    ObjectNode apply = client.json().createObjectNode();
    apply.put("apiVersion", "autoscaling/v1").put("kind", "Scale");
    ObjectNode metadata = apply.putObject("metadata").put("name", target.key().name());
    if (request.ifVersion() != null) {
      metadata.put("resourceVersion", request.ifVersion());
    }
    apply.putObject("spec").put("replicas", request.replicas());
    try {
      String path = type(target).path(target.key().namespace(), target.key().name(), "scale");
      // Waking needs nobody's permission: only zero is the leader's to write.
      KubeClient writer = request.replicas() > 0 ? client.unguarded() : client;
      return read(writer.apply(path, apply), client.fieldManager());
    } catch (KubeException e) {
      throw translate(target, e);
    } catch (WriteGuard.NotLeadingException e) {
      // Nothing was sent; whoever leads now decides anew.
      throw new ScalerException(Kind.CONFLICT, target + ": " + e.getMessage(), e);
    }
  }

  private ResourceType<JsonNode> type(ScaleTarget target) {
    return kinds
        .scalable(target)
        .orElseThrow(() ->
            new ScalerException(
                Kind.NOT_FOUND,
                "the API serves no kind "
                    + target.kind()
                    + " in "
                    + target.apiVersion()
                    + " with a scale subresource; correct spec.targetRef"));
  }

  private static Scale read(JsonNode scale, @Nullable String writer) {
    String selector = scale.path("status").path("selector").asString("");
    return new Scale(
        scale.path("spec").path("replicas").asInt(0),
        scale.path("status").path("replicas").asInt(0),
        scale.path("metadata").path("resourceVersion").asString(null),
        selector.isEmpty() ? null : selector,
        writer);
  }

  /**
   * Finds who owns {@code spec.replicas}; of several the one that wrote last. Entries that came
   * through {@code scale} carry no time: who says the same in a manifest comes after them.
   */
  static @Nullable String lastWriter(JsonNode object) {
    JsonNode entries = object.path("metadata").path("managedFields");
    String writer = entries.isEmpty() ? null : UNTRACKED;
    String latest = "";
    for (JsonNode entry : entries) {
      boolean owns =
          entry.path("fieldsV1").path("f:spec").has("f:replicas")
              || "scale".equals(entry.path("subresource").asString(""));
      String time = entry.path("time").asString("");
      if (owns && time.compareTo(latest) >= 0) {
        latest = time;
        writer = entry.path("manager").asString(null);
      }
    }
    return writer;
  }

  private static ScalerException translate(ScaleTarget target, KubeException e) {
    Kind kind =
        switch (e.code()) {
          case 404 -> Kind.NOT_FOUND;
          case 409 -> Kind.CONFLICT;
          case 401, 403, FreezeGate.FROZEN -> Kind.FORBIDDEN;
          case 400, 422 -> Kind.INVALID;
          default -> Kind.UNAVAILABLE;
        };
    String hint =
        e.forbidden()
            ? "; add the kind to the chart value global.scaleTargets, or see what refused it"
            : "";
    return new ScalerException(kind, target + ": " + e.getMessage() + hint, e);
  }
}
