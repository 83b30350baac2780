package dev.ebb.testkit.proxy;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A request to the API server, and what it is about.
 *
 * @param client who sent it
 * @param method the HTTP method
 * @param uri path and query as they were sent
 * @param contentType the body's type, empty for none
 * @param accept what the client wants
 * @param body the body as text, empty for none
 * @param at when it arrived
 * @param verb what Kubernetes calls it: get, list, watch, create, update, patch, delete
 * @param resource the resource's plural name; empty for paths that are about no resource
 * @param namespace its namespace, empty for none
 * @param name the object's name, empty for a collection
 * @param subresource for example {@code status}, empty for the object itself
 */
public record ApiRequest(
    String client,
    String method,
    String uri,
    String contentType,
    String accept,
    String body,
    Instant at,
    String verb,
    String resource,
    String namespace,
    String name,
    String subresource) {

  /** Requests that only ask something, although they post. */
  private static final List<String> QUESTIONS =
      List.of("tokenreviews", "subjectaccessreviews", "selfsubjectaccessreviews");

  /** Reads what a request is about from its path. */
  static ApiRequest of(
      String client,
      String method,
      String uri,
      String contentType,
      String accept,
      String body,
      Instant at) {
    List<String> parts =
        Arrays.stream(path(uri).split("/", -1)).filter(part -> !part.isEmpty()).toList();
    int root = parts.isEmpty() ? 0 : parts.getFirst().equals("api") ? 2 : 3;
    boolean api = !parts.isEmpty() && List.of("api", "apis").contains(parts.getFirst());
    List<String> rest = api && parts.size() > root ? parts.subList(root, parts.size()) : List.of();
    String namespace = "";
    if (rest.size() > 2 && rest.getFirst().equals("namespaces")) {
      namespace = rest.get(1);
      rest = rest.subList(2, rest.size());
    }
    String name = part(rest, 1);
    boolean watch = query(uri).getOrDefault("watch", "false").matches("true|1");
    return new ApiRequest(
        client,
        method,
        uri,
        contentType,
        accept,
        body,
        at,
        verb(method, name.isEmpty(), watch),
        part(rest, 0),
        namespace,
        name,
        part(rest, 2));
  }

  private static String part(List<String> parts, int index) {
    return index < parts.size() ? parts.get(index) : "";
  }

  private static String verb(String method, boolean collection, boolean watch) {
    return switch (method) {
      case "GET", "HEAD" -> watch ? "watch" : collection ? "list" : "get";
      case "POST" -> "create";
      case "PUT" -> "update";
      case "PATCH" -> "patch";
      case "DELETE" -> "delete";
      default -> method;
    };
  }

  private static String path(String uri) {
    int query = uri.indexOf('?');
    return query < 0 ? uri : uri.substring(0, query);
  }

  private static Map<String, String> query(String uri) {
    Map<String, String> query = new HashMap<>();
    int at = uri.indexOf('?');
    for (String pair : at < 0 ? new String[0] : uri.substring(at + 1).split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        query.put(
            pair.substring(0, equals),
            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return query;
  }

  /** Returns the path without its query. */
  public String path() {
    return path(uri);
  }

  /** Returns the path of the object itself, without a subresource. */
  public String objectPath() {
    return subresource.isEmpty()
        ? path()
        : path().substring(0, path().length() - subresource.length() - 1);
  }

  /** Returns the query's parameters. */
  public Map<String, String> query() {
    return query(uri);
  }

  /** Returns whether this is about the list or watch of the same objects, whatever its version. */
  boolean sameObjectsAs(ApiRequest other) {
    return path().equals(other.path())
        && query()
            .getOrDefault("labelSelector", "")
            .equals(other.query().getOrDefault("labelSelector", ""))
        && query()
            .getOrDefault("fieldSelector", "")
            .equals(other.query().getOrDefault("fieldSelector", ""));
  }

  /** Returns whether this changes something; reviews only ask. */
  public boolean changes() {
    return !method.equals("GET") && !method.equals("HEAD") && !QUESTIONS.contains(resource);
  }

  /** Returns whether this keeps a Lease, which a leader does without end. */
  public boolean ofLease() {
    return resource.equals("leases");
  }

  @Override
  public String toString() {
    String what = resource.isEmpty() ? path() : resource;
    return client
        + ": "
        + verb
        + " "
        + what
        + (namespace.isEmpty() ? "" : " " + namespace)
        + (name.isEmpty() ? "" : "/" + name)
        + (subresource.isEmpty() ? "" : " " + subresource);
  }
}
