package dev.ebb.gateway.proxy;

import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.List;
import reactor.netty.http.server.HttpServerRequest;

/**
 * What is not traffic: health checks and scrapes, by the beginning of the user agent or by path.
 * Immutable.
 *
 * @param userAgents beginnings of user agents
 * @param paths exact paths, without query
 */
public record Exclusions(List<String> userAgents, List<String> paths) {

  /**
   * The probes of the kubelet, Prometheus, and the load balancers of Google, AWS (ELB, Route 53),
   * Azure and Alibaba, as their documentations name themselves.
   */
  public static final List<String> DEFAULT_USER_AGENTS =
      List.of(
          "kube-probe/",
          "Prometheus/",
          "GoogleHC/",
          "ELB-HealthChecker/",
          "Amazon-Route53-Health-Check-Service",
          "Load Balancer Agent",
          "Edge Health Probe",
          "SLBHealthCheck");

  /** Copies the lists. */
  public Exclusions {
    userAgents = List.copyOf(userAgents);
    paths = List.copyOf(paths);
  }

  /** Returns whether a request neither wakes nor counts. */
  boolean excludes(HttpServerRequest request) {
    String agent = request.requestHeaders().get(HttpHeaderNames.USER_AGENT);
    return matches(agent == null ? "" : agent, request.uri());
  }

  /** Decides by user agent and request target. */
  boolean matches(String agent, String target) {
    for (String beginning : userAgents) {
      if (agent.startsWith(beginning)) {
        return true;
      }
    }
    if (paths.isEmpty()) {
      return false;
    }
    int query = target.indexOf('?');
    return paths.contains(query < 0 ? target : target.substring(0, query));
  }
}
