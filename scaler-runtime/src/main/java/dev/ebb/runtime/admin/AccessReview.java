package dev.ebb.runtime.admin;

import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.kube.KubeException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import org.springframework.http.HttpMethod;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.authorization.ReactiveAuthorizationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.OAuth2AuthenticatedPrincipal;
import org.springframework.security.web.server.authorization.AuthorizationContext;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Decides whether an authenticated caller may do what it asks: paths under {@code /internal/} are
 * for the named service accounts alone; everything else is a SubjectAccessReview, on the {@code
 * ebb.dev} resource for {@code /api/v1/namespaces/NS/RESOURCE/NAME[/VERB]} and on the URL itself
 * for all other paths, as kube-rbac-proxy does. A verb that takes another one back asks for that
 * one's right. Without an answer from the API server nobody is let in. Thread-safe.
 */
public final class AccessReview implements ReactiveAuthorizationManager<AuthorizationContext> {

  private static final String API = "/api/v1/";

  /** Whoever may pause may also resume. */
  private static final Map<String, String> RIGHTS =
      Map.of("resume", "pause", "skip", "retry", "cancel", "retry");

  /** The attribute of an exchange that says which right is missing. */
  static final String MISSING = AccessReview.class.getName() + ".missing";

  /** A refusal that says which right is missing: Spring passes the plain one on without it. */
  private static final class Denied extends AuthorizationDecision {
    private static final long serialVersionUID = 1L;
    private final String detail;

    private Denied(String detail) {
      super(false);
      this.detail = detail;
    }
  }

  private final KubeClient client;
  private final ExecutorService executor;
  private final Set<String> internalAccounts;
  private final String group;

  /**
   * Creates the decision maker.
   *
   * @param executor runs the reviews; virtual threads
   * @param internalAccounts the user names that may call {@code /internal/}
   * @param group the API group of Ebb's resources
   */
  public AccessReview(
      KubeClient client, ExecutorService executor, Set<String> internalAccounts, String group) {
    this.client = client;
    this.executor = executor;
    this.internalAccounts = Set.copyOf(internalAccounts);
    this.group = group;
  }

  @Override
  public Mono<AuthorizationResult> authorize(
      Mono<Authentication> authentication, AuthorizationContext context) {
    String path = context.getExchange().getRequest().getPath().value();
    HttpMethod method = context.getExchange().getRequest().getMethod();
    return authentication
        .filter(Authentication::isAuthenticated)
        .flatMap(who -> decide(who, path, method))
        .doOnNext(decision -> {
          if (decision instanceof Denied denied) {
            context.getExchange().getAttributes().put(MISSING, denied.detail);
          }
        })
        .defaultIfEmpty(new AuthorizationDecision(false));
  }

  /** Returns whether somebody who is authenticated may call a path. */
  public Mono<Boolean> allows(Authentication who, String path, HttpMethod method) {
    return decide(who, path, method).map(AuthorizationResult::isGranted);
  }

  private Mono<AuthorizationResult> decide(Authentication who, String path, HttpMethod method) {
    if (path.startsWith("/internal/")) {
      return Mono.just(
          internalAccounts.contains(who.getName())
              ? new AuthorizationDecision(true)
              : new Denied(path + " is for Ebb's own services alone"));
    }
    if (!(who.getPrincipal() instanceof OAuth2AuthenticatedPrincipal principal)) {
      return Mono.just(new AuthorizationDecision(false));
    }
    return Mono.fromCallable(() -> review(principal, path, method))
        .subscribeOn(Schedulers.fromExecutorService(executor))
        .onErrorMap(
            KubeException.class,
            e -> Problems.unavailable("nobody can tell what you may do: " + e.getMessage(), e));
  }

  private AuthorizationResult review(
      OAuth2AuthenticatedPrincipal who, String path, HttpMethod method) {
    ObjectNode review = client.json().createObjectNode();
    review.put("apiVersion", "authorization.k8s.io/v1").put("kind", "SubjectAccessReview");
    ObjectNode spec = review.putObject("spec");
    spec.put("user", who.getName());
    if (who.getAttribute("user") instanceof JsonNode user) {
      ArrayNode groups = spec.putArray("groups");
      user.path("groups").forEach(groups::add);
    }
    boolean reads = method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
    String verb = reads ? "get" : "update";
    if (path.startsWith(API)) {
      resource(spec.putObject("resourceAttributes"), path.substring(API.length()), verb);
    } else {
      spec.putObject("nonResourceAttributes").put("path", path).put("verb", verb);
    }
    boolean allowed =
        client
            .postRaw("/apis/authorization.k8s.io/v1/subjectaccessreviews", review)
            .path("status")
            .path("allowed")
            .asBoolean(false);
    return allowed ? new AuthorizationDecision(true) : new Denied(missing(who.getName(), spec));
  }

  private static String missing(String user, JsonNode spec) {
    JsonNode resource = spec.path("resourceAttributes");
    if (resource.isMissingNode()) {
      JsonNode url = spec.path("nonResourceAttributes");
      return "%s may not %s the URL %s; ask for a ClusterRole with nonResourceURLs: [%s]"
          .formatted(
              user,
              url.path("verb").asString(""),
              url.path("path").asString(""),
              url.path("path").asString(""));
    }
    String namespace = resource.path("namespace").asString("");
    return "%s may not %s %s.%s %s; ask for a role with that verb, as edit has it"
        .formatted(
            user,
            resource.path("verb").asString(""),
            resource.path("resource").asString(""),
            resource.path("group").asString(""),
            namespace.isEmpty() ? "in all namespaces" : "in namespace " + namespace);
  }

  /** Reads {@code [namespaces/NS/]RESOURCE[/NAME[/VERB]]}. */
  private void resource(ObjectNode attributes, String path, String verb) {
    String[] parts = path.split("/", -1);
    int at = 0;
    if (parts.length > 2 && parts[0].equals("namespaces")) {
      attributes.put("namespace", parts[1]);
      at = 2;
    }
    String name = parts.length > at + 1 ? parts[at + 1] : "";
    String custom = parts.length > at + 2 ? parts[at + 2].toLowerCase(Locale.ROOT) : "";
    attributes.put("group", group).put("resource", parts[at]).put("name", name);
    if (verb.equals("update") && !custom.isEmpty()) {
      attributes.put("verb", RIGHTS.getOrDefault(custom, custom));
    } else {
      attributes.put("verb", verb.equals("get") && name.isEmpty() ? "list" : verb);
    }
  }
}
