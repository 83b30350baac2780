package dev.ebb.selector.config;

import dev.ebb.scaler.ResourceKey;
import dev.ebb.selector.api.Strategy;
import dev.ebb.selector.plan.Finding;
import dev.ebb.selector.plan.Pool;
import jakarta.validation.constraints.Min;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What the selector-operator can be told.
 *
 * @param workers how many pools are decided on at the same time
 * @param environment one pool as 3S's variables describe it
 */
@Validated
@ConfigurationProperties("ebb.selector")
public record SelectorProperties(
    @DefaultValue("4") @Min(1) int workers, @DefaultValue Environment environment) {

  /** The name of the pool that 3S's variables describe. */
  public static final String NAME = "sss-environment";

  /**
   * 3S's variables; what is blank says nothing.
   *
   * @param podSelector {@code SSS_POD_SELECTOR}
   * @param servicePrefix {@code SSS_SERVICE_PREFIX}
   * @param serviceSelector {@code SSS_SERVICE_SELECTOR}
   * @param namespace {@code SSS_NAMESPACE}
   * @param defaultNamespace {@code SSS_DEFAULT_NAMESPACE}
   * @param strategy {@code SSS_STRATEGY}, which 3S has not: a strategy's name
   */
  public record Environment(
      @DefaultValue("") String podSelector,
      @DefaultValue("") String servicePrefix,
      @DefaultValue("") String serviceSelector,
      @DefaultValue("") String namespace,
      @DefaultValue("") String defaultNamespace,
      @DefaultValue("") String strategy) {

    /**
     * Returns the pool that they describe; null when they describe none.
     *
     * @param own the namespace of the service account; empty when it is not known
     * @throws IllegalStateException when it makes no sense; the message names the variable
     */
    @Nullable Pool pool(String own) {
      if (Stream.of(podSelector, servicePrefix, serviceSelector).allMatch(String::isBlank)) {
        return null;
      }
      if (podSelector.isBlank()) {
        throw new IllegalStateException(
            "SSS_POD_SELECTOR is blank: the pool would take every pod of the namespace; set it to"
                + " the labels of one StatefulSet's pods");
      }
      String where =
          Stream.of(namespace, own, defaultNamespace, "default")
              .map(String::strip)
              .filter(text -> !text.isEmpty())
              .findFirst()
              .orElse("default");
      Pool pool =
          Pool.ofEnvironment(
              new ResourceKey(where, NAME),
              podSelector,
              servicePrefix.isBlank() ? "svc-" : servicePrefix,
              serviceSelector,
              how());
      if (pool.invalid()) {
        throw new IllegalStateException(
            pool.findings().stream()
                .map(Finding::text)
                .collect(Collectors.joining("; "))
                .replace("spec.pods.selector", "SSS_POD_SELECTOR")
                .replace("spec.services.selector", "SSS_SERVICE_SELECTOR"));
      }
      return pool;
    }

    private Strategy how() {
      if (strategy.isBlank()) {
        return Strategy.Sticky;
      }
      return Stream.of(Strategy.values())
          .filter(s ->
              s.name().toLowerCase(Locale.ROOT).equals(strategy.strip().toLowerCase(Locale.ROOT)))
          .findFirst()
          .orElseThrow(() ->
              new IllegalStateException(
                  "SSS_STRATEGY is \""
                      + strategy
                      + "\"; write Sticky, Rendezvous, BoundedLoad,"
                      + " Ordinal or Modulo"));
    }
  }
}
