package dev.ebb.testkit.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The kinds that the store serves: those that Ebb reads or writes, and custom resources. */
final class ApiKinds {

  private static final ApiKind NAMESPACES = cluster("namespaces", "Namespace");

  private final List<ApiKind> kinds =
      new ArrayList<>(
          List.of(
              NAMESPACES,
              cluster("nodes", "Node"),
              core("services", "Service", true),
              core("pods", "Pod", true),
              core("podtemplates", "PodTemplate", false),
              core("configmaps", "ConfigMap", false),
              core("events", "Event", false),
              core("persistentvolumeclaims", "PersistentVolumeClaim", true),
              of("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice", true, false),
              of("autoscaling", "v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler", true),
              of("coordination.k8s.io", "v1", "leases", "Lease", false, false),
              apps("deployments", "Deployment"),
              apps("statefulsets", "StatefulSet"),
              apps("replicasets", "ReplicaSet")));

  private static ApiKind cluster(String plural, String kind) {
    return new ApiKind("", "v1", plural, kind, false, false, true, false, null);
  }

  private static ApiKind core(String plural, String kind, boolean status) {
    return new ApiKind("", "v1", plural, kind, true, false, status, false, null);
  }

  private static ApiKind apps(String plural, String kind) {
    return new ApiKind("apps", "v1", plural, kind, true, true, true, true, null);
  }

  private static ApiKind of(
      String group, String version, String plural, String kind, boolean status) {
    return new ApiKind(group, version, plural, kind, true, false, status, false, null);
  }

  private static ApiKind of(
      String group, String version, String plural, String kind, boolean gen, boolean status) {
    return new ApiKind(group, version, plural, kind, true, gen, status, false, null);
  }

  /** Adds what a CustomResourceDefinition defines: its storage version. */
  void define(JsonNode definition) {
    JsonNode spec = definition.path("spec");
    for (JsonNode version : spec.path("versions")) {
      if (version.path("storage").asBoolean(false)) {
        kinds.add(
            new ApiKind(
                spec.path("group").asString(""),
                version.path("name").asString(""),
                spec.path("names").path("plural").asString(""),
                spec.path("names").path("kind").asString(""),
                spec.path("scope").asString("").equals("Namespaced"),
                true,
                version.path("subresources").has("status"),
                version.path("subresources").has("scale"),
                version.path("schema").path("openAPIV3Schema")));
      }
    }
  }

  List<ApiKind> all() {
    return List.copyOf(kinds);
  }

  ApiKind namespaces() {
    return NAMESPACES;
  }

  Optional<ApiKind> find(String group, String version, String plural) {
    return kinds.stream()
        .filter(k -> k.plural().equals(plural))
        .filter(k -> k.group().equals(group) && k.version().equals(version))
        .findFirst();
  }

  Optional<ApiKind> ofKind(String apiVersion, String kind) {
    return kinds.stream().filter(k -> k.is(apiVersion, kind)).findFirst();
  }

  /** Returns the discovery document of a group and version; empty when nothing is served there. */
  Optional<JsonNode> discovery(JsonMapper json, String group, String version) {
    ObjectNode document = json.createObjectNode();
    document.put("kind", "APIResourceList").put("apiVersion", "v1");
    document.put("groupVersion", group.isEmpty() ? version : group + "/" + version);
    ArrayNode resources = document.putArray("resources");
    for (ApiKind kind : kinds) {
      if (kind.group().equals(group) && kind.version().equals(version)) {
        resource(resources, kind.plural(), kind.namespaced(), kind.kind());
        if (kind.status()) {
          resource(resources, kind.plural() + "/status", kind.namespaced(), kind.kind());
        }
        if (kind.scale()) {
          resource(resources, kind.plural() + "/scale", kind.namespaced(), "Scale");
        }
      }
    }
    return resources.isEmpty() ? Optional.empty() : Optional.of(document);
  }

  private static void resource(ArrayNode to, String name, boolean namespaced, String kind) {
    to.addObject().put("name", name).put("namespaced", namespaced).put("kind", kind);
  }
}
