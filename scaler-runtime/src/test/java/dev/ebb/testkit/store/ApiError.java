package dev.ebb.testkit.store;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A request that the store refuses, with the code and the reason of the real API server. */
final class ApiError extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int code;
  private final String reason;
  private final @Nullable String cause;

  private ApiError(int code, String reason, String message, @Nullable String cause) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.cause = cause;
  }

  static ApiError badRequest(String message) {
    return new ApiError(400, "BadRequest", message, null);
  }

  static ApiError notServed() {
    return new ApiError(404, "NotFound", "the server could not find the requested resource", null);
  }

  static ApiError notFound(ApiKind kind, String name) {
    return new ApiError(
        404, "NotFound", "%s \"%s\" not found".formatted(kind.qualified(), name), null);
  }

  static ApiError alreadyExists(ApiKind kind, String name) {
    return new ApiError(
        409, "AlreadyExists", "%s \"%s\" already exists".formatted(kind.qualified(), name), null);
  }

  static ApiError conflict(ApiKind kind, String name, String why) {
    return new ApiError(
        409,
        "Conflict",
        "Operation cannot be fulfilled on %s \"%s\": %s".formatted(kind.qualified(), name, why),
        null);
  }

  static ApiError modified(ApiKind kind, String name) {
    return conflict(
        kind,
        name,
        "the object has been modified; please apply your changes to the latest version and try"
            + " again");
  }

  static ApiError applyConflict(String message) {
    return new ApiError(409, "Conflict", message, "FieldManagerConflict");
  }

  static ApiError invalid(ApiKind kind, String name, String why) {
    return new ApiError(
        422, "Invalid", "%s \"%s\" is invalid: %s".formatted(kind.kind(), name, why), null);
  }

  static ApiError terminating(ApiKind kind, String name, String namespace) {
    return new ApiError(
        403,
        "Forbidden",
        "%s \"%s\" is forbidden: unable to create new content in namespace %s because it is being"
                .formatted(kind.qualified(), name, namespace)
            + " terminated",
        "NamespaceTerminating");
  }

  static ApiError methodNotAllowed() {
    return new ApiError(
        405,
        "MethodNotAllowed",
        "the server does not allow this method on the requested resource",
        null);
  }

  static ApiError unsupportedMediaType(String type) {
    return new ApiError(
        415,
        "UnsupportedMediaType",
        "the body of the request was in an unknown format: " + type,
        null);
  }

  static ApiError expired(String version, long oldest) {
    return new ApiError(
        410, "Expired", "too old resource version: %s (%d)".formatted(version, oldest), null);
  }

  int code() {
    return code;
  }

  /** Returns the Status object. */
  ObjectNode status(JsonMapper json) {
    ObjectNode status = json.createObjectNode();
    status.put("kind", "Status").put("apiVersion", "v1");
    status.putObject("metadata");
    status.put("status", "Failure").put("message", getMessage());
    status.put("reason", reason).put("code", code);
    if (cause != null) {
      status.putObject("details").putArray("causes").addObject().put("reason", cause);
    }
    return status;
  }
}
