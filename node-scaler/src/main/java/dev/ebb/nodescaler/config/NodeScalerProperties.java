package dev.ebb.nodescaler.config;

import dev.ebb.nodescaler.provider.DigitalOceanProvider;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What the node-scaler can be told.
 *
 * @param workers how many buffers are decided on at the same time
 * @param refresh how old the view of a cloud may become while nothing happens
 * @param master where the API server is, when the kubeconfig or the pod's account says otherwise
 * @param digitalocean the account at DigitalOcean
 */
@Validated
@ConfigurationProperties("ebb.nodescaler")
public record NodeScalerProperties(
    @DefaultValue("4") @Min(1) int workers,
    @DefaultValue("1m") Duration refresh,
    @DefaultValue("") String master,
    @DefaultValue DigitalOcean digitalocean) {

  /** DigitalOcean allows 250 requests a minute and 5,000 an hour. */
  private static final Duration SHORTEST_REFRESH = Duration.ofSeconds(10);

  /** Returns how old the view of a cloud may become; kubescaler's tick may ask for less. */
  Duration refresh(@Nullable KubescalerSettings settings) {
    Duration wanted =
        settings != null && settings.tick().compareTo(refresh) < 0 ? settings.tick() : refresh;
    return wanted.compareTo(SHORTEST_REFRESH) < 0 ? SHORTEST_REFRESH : wanted;
  }

  /**
   * The account at DigitalOcean.
   *
   * @param address where its API is
   * @param token the account's token
   */
  public record DigitalOcean(
      @DefaultValue(DigitalOceanProvider.ADDRESS) String address, @DefaultValue("") String token) {

    /** Leaves the token out: this text may get into a log. */
    @Override
    public String toString() {
      return "DigitalOcean[" + address + "]";
    }
  }
}
