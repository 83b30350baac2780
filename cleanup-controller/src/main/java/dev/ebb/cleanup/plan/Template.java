package dev.ebb.cleanup.plan;

import dev.ebb.cleanup.api.StatefulSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The pod that cleans up, as its user wrote it.
 *
 * @param pod metadata and spec; null when it makes no sense
 * @param problem why it makes no sense, and what to do; null when it does
 * @param unknown fields that Kubernetes will ignore
 * @param id the text as a number, to tell one from another
 */
public record Template(
    @Nullable ObjectNode pod, @Nullable String problem, List<String> unknown, String id) {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Set<String> TOP = Set.of("apiVersion", "kind", "metadata", "spec", "status");
  private static final Set<String> SPEC =
      Set.of(
          "activeDeadlineSeconds",
          "affinity",
          "automountServiceAccountToken",
          "containers",
          "dnsConfig",
          "dnsPolicy",
          "enableServiceLinks",
          "ephemeralContainers",
          "hostAliases",
          "hostIPC",
          "hostNetwork",
          "hostPID",
          "hostUsers",
          "hostname",
          "hostnameOverride",
          "imagePullSecrets",
          "initContainers",
          "nodeName",
          "nodeSelector",
          "os",
          "overhead",
          "preemptionPolicy",
          "priority",
          "priorityClassName",
          "readinessGates",
          "resourceClaims",
          "resources",
          "restartPolicy",
          "runtimeClassName",
          "schedulerName",
          "schedulingGates",
          "securityContext",
          "serviceAccount",
          "serviceAccountName",
          "setHostnameAsFQDN",
          "shareProcessNamespace",
          "subdomain",
          "terminationGracePeriodSeconds",
          "tolerations",
          "topologySpreadConstraints",
          "volumes");
  private static final Set<String> CONTAINER =
      Set.of(
          "args",
          "command",
          "env",
          "envFrom",
          "image",
          "imagePullPolicy",
          "lifecycle",
          "livenessProbe",
          "name",
          "ports",
          "readinessProbe",
          "resizePolicy",
          "resources",
          "restartPolicy",
          "restartPolicyRules",
          "securityContext",
          "startupProbe",
          "stdin",
          "stdinOnce",
          "terminationMessagePath",
          "terminationMessagePolicy",
          "tty",
          "volumeDevices",
          "volumeMounts",
          "workingDir");

  /** Copies the list. */
  public Template {
    unknown = List.copyOf(unknown);
  }

  /** Reads a template and holds it against the set that it is for. */
  public static Template read(String text, StatefulSet set) {
    String id = idOf(text);
    Object parsed;
    try {
      parsed = parse(text);
    } catch (JacksonException e) {
      return bad(id, "it is no JSON: " + firstLine(e.getOriginalMessage()));
    } catch (YAMLException e) {
      return bad(id, "it is neither JSON nor YAML: " + firstLine(e.getMessage()));
    }
    if (!(JSON.<JsonNode>valueToTree(parsed) instanceof ObjectNode pod)) {
      return bad(id, "it is no pod: write an object with metadata and spec");
    }
    String problem = problem(pod, set);
    return problem == null ? new Template(pod, null, unknown(pod), id) : bad(id, problem);
  }

  /** Returns a text as a number, to tell one from another. */
  static String idOf(String text) {
    return Integer.toHexString(text.hashCode());
  }

  /** JSON by Jackson: YAML 1.1 has other ideas of some of its strings. */
  private static Object parse(String text) {
    if (text.startsWith("{")) {
      try {
        return JSON.readTree(text);
      } catch (JacksonException e) {
        if (!text.contains("\n")) {
          throw e;
        }
      }
    }
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    options.setMaxAliasesForCollections(10);
    Object loaded = new Yaml(new SafeConstructor(options)).load(text);
    return loaded == null ? "" : loaded;
  }

  private static Template bad(String id, String problem) {
    return new Template(null, problem, List.of(), id);
  }

  private static String firstLine(@Nullable String text) {
    String all = text == null ? "" : text;
    int end = all.indexOf('\n');
    return end < 0 ? all : all.substring(0, end);
  }

  private static @Nullable String problem(ObjectNode pod, StatefulSet set) {
    JsonNode spec = pod.path("spec");
    if (!spec.isObject()) {
      return "it is no pod: it has no spec";
    }
    if (!spec.path("containers").isArray() || spec.path("containers").isEmpty()) {
      return "spec.containers must be a list with at least one container";
    }
    for (JsonNode container : spec.path("containers")) {
      if (container.path("name").asString("").isEmpty()) {
        return "each of spec.containers must be an object with a name";
      }
    }
    String restart = spec.path("restartPolicy").asString("OnFailure");
    if (!restart.equals("OnFailure") && !restart.equals("Never")) {
      return "spec.restartPolicy is %s, so the pod would never end; write OnFailure or Never"
          .formatted(restart);
    }
    return metaProblem(pod, set);
  }

  private static @Nullable String metaProblem(ObjectNode pod, StatefulSet set) {
    JsonNode meta = pod.path("metadata");
    if (!meta.isMissingNode() && !meta.isObject()) {
      return "metadata must be an object";
    }
    for (String field : List.of("labels", "annotations")) {
      if (meta.has(field) && !meta.path(field).isObject()) {
        return "metadata." + field + " must be an object";
      }
    }
    Map<String, String> labels = new HashMap<>();
    meta.path("labels")
        .propertyStream()
        .forEach(e -> labels.put(e.getKey(), e.getValue().asString("")));
    if (set.selects(labels)) {
      return "metadata.labels match the selector of StatefulSet %s, which would take the pod for its own; leave one of the labels out"
          .formatted(set.metadata().name());
    }
    Set<String> volumes = new HashSet<>();
    for (JsonNode volume : pod.path("spec").path("volumes")) {
      if (!volumes.add(volume.path("name").asString(""))) {
        return "spec.volumes has two volumes named \"%s\"; name each differently"
            .formatted(volume.path("name").asString(""));
      }
    }
    return null;
  }

  private static List<String> unknown(ObjectNode pod) {
    List<String> found = new ArrayList<>();
    unknown(pod, "", TOP, found);
    JsonNode spec = pod.path("spec");
    unknown(spec, "spec.", SPEC, found);
    for (String list : List.of("containers", "initContainers")) {
      for (JsonNode container : spec.path(list)) {
        unknown(container, "spec." + list + "[].", CONTAINER, found);
      }
    }
    return found.stream().distinct().toList();
  }

  private static void unknown(JsonNode node, String prefix, Set<String> known, List<String> found) {
    node.propertyStream()
        .map(Map.Entry::getKey)
        .filter(name -> !known.contains(name))
        .forEach(name -> found.add(prefix + name));
  }

  /** Returns the names of the containers that must succeed. */
  public List<String> containers() {
    List<String> names = new ArrayList<>();
    if (pod != null) {
      pod.path("spec").path("containers").forEach(c -> names.add(c.path("name").asString("")));
    }
    return names;
  }
}
