package dev.ebb.autoscaler.history;

import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.kube.KubeClient.PatchType;
import dev.ebb.runtime.kube.KubeException;
import dev.ebb.runtime.kube.ResourceType;
import dev.ebb.runtime.model.HorizontalPodAutoscaler;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.runtime.model.Service;
import dev.ebb.runtime.model.Workload;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.testkit.SteppedClock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What users do to the objects; where an object is not there, nothing. */
final class Users {

  private static final ResourceType<JsonNode> HPAS =
      new ResourceType<>(
          "autoscaling",
          "v2",
          "horizontalpodautoscalers",
          "HorizontalPodAutoscaler",
          JsonNode.class);

  // As whatever it is: a patch of scale is answered with a Scale.
  private static final ResourceType<JsonNode> DEPLOYMENTS =
      new ResourceType<>("apps", "v1", "deployments", "Deployment", JsonNode.class);

  private final KubeClient client;
  private final SteppedClock clock;

  Users(KubeClient client, SteppedClock clock) {
    this.client = client;
    this.clock = clock;
  }

  void deploy(App app, int replicas) {
    attempt(() -> {
      client.create(
          Workload.DEPLOYMENT,
          FakeGateway.APPS,
          Map.of(
              "apiVersion",
              "apps/v1",
              "kind",
              "Deployment",
              "metadata",
              Map.of("name", app.name),
              "spec",
              Map.of(
                  "replicas",
                  replicas,
                  "selector",
                  Map.of("matchLabels", Map.of("app", app.name)),
                  "template",
                  template(app.name))));
      app.lastStart = clock.instant();
    });
  }

  /** Returns the template of a workload's pods. */
  static Map<String, Object> template(String app) {
    return Map.of(
        "metadata",
        Map.of("labels", Map.of("app", app)),
        "spec",
        Map.of("containers", List.of(Map.of("name", "c", "image", "none"))));
  }

  void undeploy(App app) {
    client
        .find(Workload.DEPLOYMENT, app.key)
        .ifPresent(w -> client.delete(Workload.DEPLOYMENT, w.metadata()));
  }

  /** Scales through {@code scale}, as {@code kubectl scale} does. */
  void scale(App app, int replicas) {
    replicas(app, "scale", replicas);
  }

  /** Writes the count into the manifest, as a deployment tool does. */
  void edit(App app, int replicas) {
    replicas(app, null, replicas);
  }

  private void replicas(App app, @Nullable String sub, int replicas) {
    Optional<Workload> before = client.find(Workload.DEPLOYMENT, app.key);
    if (before.isEmpty()) {
      return;
    }
    if (before.get().replicas() == 0 && replicas > 0) {
      app.contested = true;
      app.lastStart = clock.instant();
    }
    client.patch(
        DEPLOYMENTS, app.key, sub, PatchType.MERGE, Map.of("spec", Map.of("replicas", replicas)));
  }

  /** Labels the Deployment: a change that is nobody's business. */
  void label(App app, String value) {
    attempt(() ->
        client.patch(
            Workload.DEPLOYMENT,
            app.key,
            null,
            PatchType.MERGE,
            Map.of("metadata", Map.of("labels", Map.of("note", value)))));
  }

  void createService(App app, String service) {
    Map<String, String> selector = Map.of("app", app.name);
    attempt(() ->
        client.create(
            Service.TYPE,
            FakeGateway.APPS,
            Map.of(
                "apiVersion",
                "v1",
                "kind",
                "Service",
                "metadata",
                Map.of("name", service),
                "spec",
                Map.of(
                    "selector", selector, "ports", List.of(Map.of("name", "http", "port", 80))))));
    app.selectors.put(service, new HashMap<>(selector));
  }

  void deleteService(App app, String service) {
    client
        .find(Service.TYPE, new ResourceKey(FakeGateway.APPS, service))
        .ifPresent(s -> client.delete(Service.TYPE, s.metadata()));
    app.selectors.remove(service);
    app.keyedSince.remove(service);
  }

  /** Takes Ebb's key away, as an apply of the user's own manifest does. */
  void resetSelector(App app, String service) {
    ResourceKey key = new ResourceKey(FakeGateway.APPS, service);
    if (client.find(Service.TYPE, key).filter(Service::behindGateway).isEmpty()) {
      return;
    }
    app.contested = true;
    app.keyedSince.remove(service);
    Map<String, Object> selector = new HashMap<>();
    selector.put(Service.BEHIND_GATEWAY, null);
    client.patch(
        Service.TYPE, key, null, PatchType.MERGE, Map.of("spec", Map.of("selector", selector)));
  }

  void createResource(App app, Map<String, Object> spec) {
    Map<String, Object> full = new HashMap<>(spec);
    full.put("targetRef", deployment(app.name));
    attempt(() -> {
      createResource(app.name, full);
      app.spec = new HashMap<>(spec);
      app.contested = false;
    });
  }

  void editResource(App app, String field, Object value) {
    if (app.spec == null) {
      return;
    }
    app.spec.put(field, value);
    attempt(() ->
        client.patch(
            ScaledResource.TYPE,
            app.key,
            null,
            PatchType.MERGE,
            Map.of("spec", Map.of(field, value))));
  }

  void deleteResource(App app) {
    client
        .find(ScaledResource.TYPE, app.key)
        .ifPresent(r -> client.delete(ScaledResource.TYPE, r.metadata()));
    app.spec = null;
  }

  /** Creates an HPA that wants more than there is, or as much. */
  void hpa(App app, boolean wantsMore) {
    removeHpa(app);
    client.create(
        HPAS,
        FakeGateway.APPS,
        Map.of(
            "apiVersion",
            "autoscaling/v2",
            "kind",
            "HorizontalPodAutoscaler",
            "metadata",
            Map.of("name", app.name),
            "spec",
            Map.of("scaleTargetRef", deployment(app.name), "maxReplicas", 5)));
    client.patch(
        HPAS,
        app.key,
        "status",
        PatchType.MERGE,
        Map.of("status", Map.of("currentReplicas", 1, "desiredReplicas", wantsMore ? 3 : 1)));
  }

  void removeHpa(App app) {
    client
        .find(HorizontalPodAutoscaler.TYPE, app.key)
        .ifPresent(h -> client.delete(HorizontalPodAutoscaler.TYPE, h.metadata()));
  }

  /** Creates a resource that cannot work: its target is not there. */
  void createBroken(String name, String idleAfter) {
    attempt(() ->
        createResource(name, Map.of("idleAfter", idleAfter, "targetRef", deployment("nothing"))));
  }

  private void createResource(String name, Map<String, Object> spec) {
    client.create(
        ScaledResource.TYPE,
        FakeGateway.APPS,
        Map.of(
            "apiVersion",
            ScaledResource.TYPE.apiVersion(),
            "kind",
            ScaledResource.TYPE.kind(),
            "metadata",
            Map.of("name", name),
            "spec",
            spec));
  }

  private static Map<String, Object> deployment(String name) {
    return Map.of("apiVersion", "apps/v1", "kind", "Deployment", "name", name);
  }

  /** What is there already, or is gone, is nothing to a user of a random history. */
  private static void attempt(Runnable write) {
    try {
      write.run();
    } catch (KubeException e) {
      if (!e.conflict() && !e.notFound()) {
        throw e;
      }
    }
  }
}
