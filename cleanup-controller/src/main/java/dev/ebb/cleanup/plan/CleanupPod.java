package dev.ebb.cleanup.plan;

import dev.ebb.cleanup.api.Claim;
import dev.ebb.cleanup.api.Names;
import dev.ebb.cleanup.api.StatefulSet;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The pod that cleans up after an ordinal. It has the name of the ordinal's pod: as long as it is
 * there, the set's controller cannot make that pod, and nobody else mounts the volumes. Stateless.
 */
public final class CleanupPod {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String SIDECARS = "sidecar.istio.io/inject";
  private static final int LONGEST_HOST = 63;

  private CleanupPod() {}

  /**
   * Makes the pod.
   *
   * @param claims the ordinal's claims as they are now
   */
  public static ObjectNode of(
      StatefulSet set, Policy policy, Template template, int ordinal, List<Claim> claims) {
    ObjectNode pod = JSON.createObjectNode();
    pod.put("apiVersion", "v1").put("kind", "Pod");
    ObjectNode given = template.pod();
    if (given == null) {
      throw new IllegalArgumentException("no pod: " + template.problem());
    }
    pod.set("metadata", metadata(set, policy, template, given.path("metadata"), ordinal, claims));
    pod.set("spec", spec(set, policy, (ObjectNode) given.path("spec"), ordinal));
    return pod;
  }

  private static ObjectNode metadata(
      StatefulSet set,
      Policy policy,
      Template template,
      JsonNode given,
      int ordinal,
      List<Claim> claims) {
    ObjectNode meta =
        given instanceof ObjectNode object ? object.deepCopy() : JSON.createObjectNode();
    List.of("generateName", "resourceVersion", "uid", "creationTimestamp").forEach(meta::remove);
    String name = set.podName(ordinal);
    meta.put("name", name).put("namespace", set.metadata().namespace());
    ObjectNode labels = meta.withObjectProperty("labels");
    labels.put(Names.LABEL, name);
    ObjectNode notes = meta.withObjectProperty("annotations");
    notes.remove(Names.SUCCEEDED);
    notes
        .put(Names.OWNER, set.metadata().name())
        .put(Names.SET_UID, set.metadata().uid())
        .put(Names.CONTAINERS, String.join(",", mustSucceed(policy, template)))
        .put(
            Names.CLAIMS,
            Success.write(
                claims.stream()
                    .collect(Collectors.toMap(c -> c.metadata().name(), c -> c.metadata().uid()))));
    // A proxy that is put in would never end.
    absent(labels, SIDECARS, "false");
    absent(notes, SIDECARS, "false");
    if (!set.metadata().deleting()) {
      // What a set that goes owns, Kubernetes deletes before it has done its work.
      meta.withArrayProperty("ownerReferences")
          .addObject()
          .put("apiVersion", StatefulSet.TYPE.apiVersion())
          .put("kind", StatefulSet.TYPE.kind())
          .put("name", set.metadata().name())
          .put("uid", set.metadata().uid())
          .put("controller", false)
          .put("blockOwnerDeletion", false);
    }
    return meta;
  }

  private static List<String> mustSucceed(Policy policy, Template template) {
    return policy.mustSucceed().isEmpty() ? template.containers() : policy.mustSucceed();
  }

  private static ObjectNode spec(StatefulSet set, Policy policy, ObjectNode given, int ordinal) {
    ObjectNode spec = given.deepCopy();
    absent(spec, "restartPolicy", "OnFailure");
    volumes(spec, set, ordinal);
    inherit(spec, set, policy);
    Duration deadline = policy.deadline();
    if (deadline != null && !spec.has("activeDeadlineSeconds")) {
      spec.put("activeDeadlineSeconds", Math.max(1, deadline.toSeconds()));
    }
    String name = set.podName(ordinal);
    if (policy.stableName() && name.length() <= LONGEST_HOST && name.indexOf('.') < 0) {
      absent(spec, "hostname", name);
      String service = set.spec().serviceName();
      if (service != null && !service.isEmpty() && service.length() <= LONGEST_HOST) {
        absent(spec, "subdomain", service);
      }
    }
    for (String list : List.of("initContainers", "containers")) {
      for (JsonNode container : spec.path(list)) {
        if (container instanceof ObjectNode object) {
          container(object, set, ordinal);
        }
      }
    }
    return spec;
  }

  /** A volume with the name of a claim template is the claim, whatever the template says. */
  private static void volumes(ObjectNode spec, StatefulSet set, int ordinal) {
    ArrayNode volumes = JSON.createArrayNode();
    List<String> templates = set.claimTemplates();
    for (JsonNode volume : spec.path("volumes")) {
      if (!templates.contains(volume.path("name").asString(""))) {
        volumes.add(volume);
      }
    }
    for (String template : templates) {
      volumes
          .addObject()
          .put("name", template)
          .putObject("persistentVolumeClaim")
          .put("claimName", OrdinalName.claim(template, set.metadata().name(), ordinal));
    }
    spec.set("volumes", volumes);
  }

  private static void inherit(ObjectNode spec, StatefulSet set, Policy policy) {
    StatefulSet.Template template = set.spec().template();
    StatefulSet.PodDefaults defaults = template == null ? null : template.spec();
    if (defaults == null) {
      return;
    }
    for (String field : policy.inherit()) {
      boolean account = field.equals("serviceAccountName") && spec.has("serviceAccount");
      JsonNode value = inherited(defaults, field);
      if (value != null && !value.isNull() && !spec.has(field) && !account) {
        spec.set(field, value);
      }
    }
  }

  private static @Nullable JsonNode inherited(StatefulSet.PodDefaults from, String field) {
    return switch (field) {
      case "tolerations" -> from.tolerations();
      case "nodeSelector" -> from.nodeSelector();
      case "imagePullSecrets" -> from.imagePullSecrets();
      case "securityContext" -> from.securityContext();
      case "affinity" -> from.affinity();
      case "serviceAccountName" -> text(from.serviceAccountName());
      case "priorityClassName" -> text(from.priorityClassName());
      default -> null;
    };
  }

  private static @Nullable JsonNode text(@Nullable String value) {
    return value == null || value.isEmpty() ? null : JSON.valueToTree(value);
  }

  private static void container(ObjectNode container, StatefulSet set, int ordinal) {
    absent(container, "terminationMessagePolicy", "FallbackToLogsOnError");
    ArrayNode env = container.withArrayProperty("env");
    String service = set.spec().serviceName();
    Map<String, String> values =
        Map.of(
            "STS_NAME", set.metadata().name(),
            "STS_NAMESPACE", set.metadata().namespace(),
            "STS_ORDINAL", Integer.toString(ordinal),
            "STS_REPLICAS", Integer.toString(set.metadata().deleting() ? 0 : set.replicas()),
            "STS_START", Integer.toString(set.start()),
            "STS_SERVICE_NAME", service == null ? "" : service);
    List<String> known = env.valueStream().map(e -> e.path("name").asString("")).toList();
    values.entrySet().stream()
        .filter(e -> !known.contains(e.getKey()))
        .sorted(Map.Entry.comparingByKey())
        .forEach(e -> env.addObject().put("name", e.getKey()).put("value", e.getValue()));
    if (!known.contains("POD_IP")) {
      env.addObject()
          .put("name", "POD_IP")
          .putObject("valueFrom")
          .putObject("fieldRef")
          .put("fieldPath", "status.podIP");
    }
  }

  private static void absent(ObjectNode object, String field, String value) {
    if (!object.has(field)) {
      object.put(field, value);
    }
  }
}
