package dev.ebb.runtime.admin;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/** The errors that an admin API's controllers throw, as RFC 9457 problem details. Stateless. */
public final class Problems {

  /** The member of a problem that names the field of the request that is wrong. */
  public static final String FIELD = "field";

  /** The member of a problem that says in one CamelCase word what it is. */
  public static final String REASON = "reason";

  private Problems() {}

  /** The request is wrong: which field, and how to write it. */
  public static ErrorResponseException invalid(String field, String detail) {
    ErrorResponseException problem =
        of(HttpStatus.BAD_REQUEST, "Invalid", field + ": " + detail, null);
    problem.getBody().setProperty(FIELD, field);
    return problem;
  }

  /** What was asked for is not there. */
  public static ErrorResponseException notFound(String detail) {
    return of(HttpStatus.NOT_FOUND, "NotFound", detail, null);
  }

  /** The object is in a state in which this cannot be done. */
  public static ErrorResponseException conflict(String reason, String detail) {
    return of(HttpStatus.CONFLICT, reason, detail, null);
  }

  /** It may work later. */
  public static ErrorResponseException unavailable(String detail, Throwable cause) {
    return of(HttpStatus.SERVICE_UNAVAILABLE, "Unavailable", detail, cause);
  }

  /**
   * Any problem.
   *
   * @param reason one CamelCase word
   * @param detail what is wrong and what to do
   */
  public static ErrorResponseException of(
      HttpStatus status, String reason, String detail, @Nullable Throwable cause) {
    ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, detail);
    problem.setProperty(REASON, reason);
    return new ErrorResponseException(status, problem, cause);
  }

  /** Returns a problem's members in the order in which people read them. */
  static Map<String, Object> members(ProblemDetail problem, String path) {
    Map<String, Object> members = new LinkedHashMap<>();
    HttpStatusCode status = HttpStatusCode.valueOf(problem.getStatus());
    members.put("type", "about:blank");
    members.put(
        "title", status instanceof HttpStatus known ? known.getReasonPhrase() : status.toString());
    members.put("status", problem.getStatus());
    String detail = problem.getDetail();
    if (detail != null) {
      members.put("detail", detail);
    }
    URI instance = problem.getInstance();
    members.put("instance", instance == null ? path : instance.toString());
    Map<String, Object> more = problem.getProperties();
    if (more != null) {
      members.putAll(more);
    }
    return members;
  }
}
