package dev.ebb.testkit.store;

import java.util.List;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/**
 * What the cases of the contract share. Every case runs against the store and against a real API
 * server and asserts the same: whatever the store supports is held by a case.
 */
abstract class ApiContract {

  /**
   * What is held to the contract.
   *
   * @param namespace where the cases work
   * @param bookmark makes the API send a bookmark soon, if it does not by itself
   */
  record Subject(RawApi api, String namespace, Runnable bookmark) {}

  static final String CORE = "/api/v1";
  static final String APPS = "/apis/apps/v1";
  static final String EBB = "/apis/ebb.dev/v1alpha1";

  final RawApi api;
  final Subject subject;
  private final String prefix = "c" + UUID.randomUUID().toString().substring(0, 8);

  ApiContract(Subject subject) {
    this.subject = subject;
    this.api = subject.api();
  }

  /** Makes a name of this case's own. */
  String own(String name) {
    return prefix + "-" + name;
  }

  String configMaps() {
    return CORE + "/namespaces/" + subject.namespace() + "/configmaps";
  }

  String configMap(String name) {
    return configMaps() + "/" + own(name);
  }

  String services() {
    return CORE + "/namespaces/" + subject.namespace() + "/services";
  }

  String deployments() {
    return APPS + "/namespaces/" + subject.namespace() + "/deployments";
  }

  String resources() {
    return EBB + "/namespaces/" + subject.namespace() + "/scaledresources";
  }

  /** Creates a ConfigMap with one label of this case, {@code app}, and one datum. */
  RawApi.Answer create(String name, String datum) {
    return create(name, datum, "");
  }

  RawApi.Answer create(String name, String datum, String moreMetadata) {
    RawApi.Answer made =
        api.post(configMaps(), manifest(name, datum, moreMetadata), "fieldManager=maker");
    if (made.code() != 201) {
      throw new AssertionError(made);
    }
    return made;
  }

  String manifest(String name, String datum, String moreMetadata) {
    return """
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: %s
      labels: {case: %s, app: %s}
    %s
    data: {key: %s}
    """
        .formatted(own(name), prefix, name, moreMetadata.indent(2), datum);
  }

  /** Returns the selector of this case's objects, and of nobody else's. */
  String ofThisCase() {
    return "case=" + prefix;
  }

  RawApi.Answer createDeployment(String name, int replicas) {
    return api.post(
        deployments(),
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: %1$s}
        spec:
          replicas: %2$d
          selector: {matchLabels: {app: %1$s}}
          template:
            metadata: {labels: {app: %1$s}}
            spec: {containers: [{name: c, image: none}]}
        """
            .formatted(own(name), replicas),
        "fieldManager=maker");
  }

  RawApi.Answer createResource(String name, String moreSpec) {
    return api.post(
        resources(),
        """
        apiVersion: ebb.dev/v1alpha1
        kind: ScaledResource
        metadata: {name: %s}
        spec:
          targetRef: {apiVersion: apps/v1, kind: Deployment, name: shop}
        %s
        """
            .formatted(own(name), moreSpec.indent(2)));
  }

  String owner(RawApi.Answer owner, boolean blocks) {
    return """
    ownerReferences:
    - {apiVersion: v1, kind: ConfigMap, name: %s, uid: %s, blockOwnerDeletion: %s}
    """
        .formatted(owner.text("/metadata/name"), owner.uid(), blocks);
  }

  /** Returns who owns a field, as {@code manager Operation subresource}, sorted. */
  static List<String> owners(JsonNode object, String... path) {
    return object
        .path("metadata")
        .path("managedFields")
        .valueStream()
        .filter(entry -> {
          JsonNode at = entry.path("fieldsV1");
          for (String name : path) {
            at = at.path("f:" + name);
          }
          return !at.isMissingNode();
        })
        .map(e ->
            (e.path("manager").asString("")
                    + " "
                    + e.path("operation").asString("")
                    + " "
                    + e.path("subresource").asString(""))
                .strip())
        .sorted()
        .toList();
  }
}
