package dev.ebb.nodescaler.config;

import dev.ebb.nodescaler.api.Resources;
import dev.ebb.nodescaler.plan.Belonging;
import dev.ebb.nodescaler.plan.Buffer;
import dev.ebb.nodescaler.plan.Rules;
import dev.ebb.runtime.model.LabelQuery;
import dev.ebb.runtime.model.ScaledResource.Mode;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.scaler.nodes.PoolReference;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Kubescaler's configuration, by its own keys: they make one buffer. The token is no part of it, so
 * that it is in no log.
 *
 * @param pool which pool of which cloud
 * @param nodeSelector which nodes are the pool's, as a label selector; empty for all
 * @param masterUrl where the API server is; empty for the cluster's own, or the kubeconfig's
 * @param kubeconfig a kubeconfig; empty for none
 * @param label the label that dedicated pods have
 * @param value the value that it has
 * @param tick how often it is looked even if nothing happens
 * @param rules the buffer
 */
public record KubescalerSettings(
    PoolReference pool,
    String nodeSelector,
    String masterUrl,
    String kubeconfig,
    String label,
    String value,
    Duration tick,
    Rules rules) {

  /** A key with its default. */
  enum Setting {
    CLOUD_PROVIDER("digitalocean"),
    CLOUD_PROVIDER_TOKEN(""),
    CLUSTER_NAME(""),
    NODE_POOL_NAME(""),
    NODE_SELECTOR(""),
    CLUSTER_KUBE_CONFIG_MASTER_URL(""),
    CLUSTER_KUBE_CONFIG_PATH(""),
    MINIMUM_NODE_POOL_SIZE("2"),
    MAXIMUM_NODE_POOL_SIZE("3"),
    SERVER_POD_LABEL_NAME(""),
    SERVER_POD_LABEL_VALUE(""),
    BUFFER_SLOT_SIZE("4"),
    SCALE_LOOP_TICK_SEC("10"),
    SERVER_CPU_RESOURCE_REQUEST("1m"),
    EMPTY_NODE_EXPIRATION_SEC("120");

    private final String otherwise;

    Setting(String otherwise) {
      this.otherwise = otherwise;
    }

    /** Returns the key as flags and {@code config.yaml} have it. */
    String text() {
      return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    /** Returns what holds when nobody says anything. */
    String otherwise() {
      return otherwise;
    }

    static Optional<Setting> of(String text) {
      return Arrays.stream(values()).filter(key -> key.text().equals(text)).findFirst();
    }
  }

  /** Settings that cannot be used; the message names every mistake. */
  public static final class MistakesException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> mistakes;

    MistakesException(List<String> mistakes) {
      super("The configuration has mistakes:\n  " + String.join("\n  ", mistakes));
      this.mistakes = List.copyOf(mistakes);
    }

    /** Returns the mistakes, each with its key and its remedy. */
    public List<String> mistakes() {
      return mistakes;
    }
  }

  /** The name of the buffer that the configuration makes. */
  static final String NAME = "kubescaler";

  /**
   * Returns the buffer.
   *
   * @param namespace where it would lie if it were an object
   */
  Buffer buffer(String namespace) {
    ResourceKey key = new ResourceKey(namespace, NAME);
    LabelQuery nodes = LabelQuery.parse(nodeSelector);
    Belonging belonging =
        new Belonging(
            Buffer.name(key),
            labels -> nodeSelector.isEmpty() || nodes.matches(labels),
            labels -> value.equals(labels.get(label)),
            null,
            labels -> false,
            List.of(),
            true);
    return new Buffer(
        key, "", Instant.EPOCH, belonging, pool, rules, Mode.Enforce, Optional.empty(), List.of());
  }

  /** What kubescaler did, defects aside: nothing waited for but the expiration. */
  static Rules rules(Resources slot, int buffer, int min, int max, Duration expiration) {
    Rules.Shrinking shrinking =
        new Rules.Shrinking(
            true,
            expiration,
            Duration.ZERO,
            0,
            Rules.Shrinking.DEFAULT.settle(),
            Integer.MAX_VALUE,
            100,
            true);
    return new Rules(slot, buffer, 0, List.of(), min, max, null, Rules.Timing.DEFAULT, shrinking);
  }

  static PoolReference pool(String provider, String cluster, String pool) {
    return new PoolReference(provider, Map.of("cluster", cluster, "pool", pool));
  }
}
