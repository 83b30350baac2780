package dev.ebb.gateway.config;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What a gateway can be told.
 *
 * @param service the name of the gateway's own Service, whose slices list the replicas
 * @param held how much this replica may hold
 * @param drain how long requests may still take after SIGTERM
 * @param settle how long after the last slice stopped listing this replica it still accepts
 * @param connectTimeout the longest wait for a connection to a pod
 * @param idleTimeout after this time an unused client connection is closed
 * @param exclusions what is not traffic
 */
@ConfigurationProperties("ebb.gateway")
public record GatewayProperties(
    @DefaultValue("") String service,
    @DefaultValue Held held,
    @DefaultValue("60s") Duration drain,
    @DefaultValue("5s") Duration settle,
    @DefaultValue("2s") Duration connectTimeout,
    @DefaultValue("75s") Duration idleTimeout,
    @DefaultValue Exclude exclusions) {

  /**
   * How much one replica may hold.
   *
   * @param global requests over all routes
   */
  public record Held(@DefaultValue("20000") int global) {}

  /**
   * What neither wakes nor counts, beside the well-known probes.
   *
   * @param userAgents beginnings of user agents; null for the built-in list
   * @param paths exact paths
   */
  public record Exclude(@Nullable List<String> userAgents, @DefaultValue List<String> paths) {}
}
