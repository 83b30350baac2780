package dev.ebb.selector.plan;

import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.model.Durations;
import dev.ebb.runtime.model.LabelQuery;
import dev.ebb.runtime.model.Pause;
import dev.ebb.runtime.model.ScaledResource.Mode;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.selector.api.ServicePool;
import dev.ebb.selector.api.ServicePool.ServicePort;
import dev.ebb.selector.api.ServicePool.Spec;
import dev.ebb.selector.api.ServicePool.Via;
import dev.ebb.selector.api.ServicePool.WhenNoPod;
import dev.ebb.selector.api.Strategy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A pool with everything that it does not say filled in, wherever it comes from: a ServicePool, or
 * 3S's environment.
 *
 * @param key its namespace and name
 * @param uid empty when it is no object
 * @param created when; the older one of two gets a Service that both want
 * @param statefulSet whose pods; empty for anybody's
 * @param podSelector which pods; empty for all of the StatefulSet
 * @param prefix what the Services' names begin with; empty when labels alone decide
 * @param serviceSelector which Services; empty for all with the prefix
 * @param count how many Services are made; 0 for none
 * @param ports of those that are made
 * @param via what is written to point them at a pod
 * @param releaseDelay how long one that moved stays where it is, unless it has to leave
 * @param pause its end, when it is paused for a time
 * @param findings what is wrong with it
 */
public record Pool(
    ResourceKey key,
    String uid,
    Instant created,
    String statefulSet,
    String podSelector,
    String prefix,
    String serviceSelector,
    int count,
    List<ServicePort> ports,
    Via via,
    Strategy strategy,
    int loadFactor,
    Duration minReady,
    Duration grace,
    Duration homeWindow,
    Duration releaseDelay,
    int maxMovesPerMinute,
    WhenNoPod whenNoPod,
    Mode mode,
    Optional<Pause> pause,
    List<Finding> findings) {

  private static final Duration HOME_WINDOW = Duration.ofMinutes(10);

  /** No limit. */
  static final int UNLIMITED = Integer.MAX_VALUE;

  /** Copies the lists. */
  public Pool {
    ports = List.copyOf(ports);
    findings = List.copyOf(findings);
  }

  /** Reads a ServicePool. */
  public static Pool of(ServicePool pool) {
    Spec spec = pool.spec();
    List<Finding> findings = new ArrayList<>();
    spec.unreadable()
        .forEach(field -> fatal(findings, field, "its value makes no sense; see kubectl explain"));
    ServicePool.Pods pods = spec.pods() == null ? new ServicePool.Pods(null, null) : spec.pods();
    ServicePool.Services services =
        spec.services() == null
            ? new ServicePool.Services(null, null, null, null, null)
            : spec.services();
    Instant created = pool.metadata().creationTimestamp();
    Integer most = spec.maxMovesPerMinute();
    return new Pool(
            pool.key(),
            pool.metadata().uid(),
            created == null ? Instant.MAX : created,
            text(pods.statefulSet()),
            text(pods.selector()),
            text(services.prefix()),
            text(services.selector()),
            number(services.count(), 0),
            services.ports() == null ? List.of() : services.ports(),
            services.via() == null ? Via.Selector : services.via(),
            spec.strategy() == null ? Strategy.Sticky : spec.strategy(),
            number(spec.loadFactorPercent(), 125),
            Duration.ofSeconds(number(spec.minReadySeconds(), 0)),
            duration(findings, "spec.unreadyGrace", spec.unreadyGrace(), Duration.ZERO),
            duration(findings, "spec.homeWindow", spec.homeWindow(), HOME_WINDOW),
            duration(findings, "spec.releaseDelay", spec.releaseDelay(), Duration.ZERO),
            most == null ? UNLIMITED : most,
            spec.whenNoPod() == null ? WhenNoPod.Hold : spec.whenNoPod(),
            spec.mode() == null ? Mode.Enforce : spec.mode(),
            spec.mode() == Mode.Paused ? Pause.of(pool.metadata()) : Optional.empty(),
            findings)
        .checked();
  }

  /** Makes the pool that 3S's environment describes. */
  public static Pool ofEnvironment(
      ResourceKey key, String podSelector, String prefix, String serviceSelector, Strategy how) {
    return new Pool(
            key,
            "",
            Instant.EPOCH,
            "",
            text(podSelector),
            text(prefix),
            text(serviceSelector),
            0,
            List.of(),
            Via.Selector,
            how,
            125,
            Duration.ZERO,
            Duration.ZERO,
            HOME_WINDOW,
            Duration.ZERO,
            UNLIMITED,
            WhenNoPod.Hold,
            Mode.Enforce,
            Optional.empty(),
            List.of())
        .checked();
  }

  private Pool checked() {
    List<Finding> all = new ArrayList<>(findings);
    if (statefulSet.isEmpty() && podSelector.isEmpty()) {
      fatal(
          all,
          "spec.pods",
          "it takes every pod of the namespace; name a statefulSet or a selector");
    }
    if (prefix.isEmpty() && serviceSelector.isEmpty()) {
      fatal(
          all,
          "spec.services",
          "it takes every Service of the namespace; set a prefix or a selector");
    }
    readable(all, "spec.pods.selector", podSelector);
    readable(all, "spec.services.selector", serviceSelector);
    if (count > 0 && (prefix.isEmpty() || ports.isEmpty())) {
      fatal(all, "spec.services.count", "Services are made of a prefix and ports; set both");
    }
    if (via == Via.Slice && whenNoPod == WhenNoPod.All) {
      all.add(
          new Finding(
              "spec.whenNoPod",
              "All is for selectors, and Services via Slice have none: they stay as they are",
              false));
    }
    return new Pool(
        key,
        uid,
        created,
        statefulSet,
        podSelector,
        prefix,
        serviceSelector,
        count,
        ports,
        via,
        strategy,
        loadFactor,
        minReady,
        grace,
        homeWindow,
        releaseDelay,
        maxMovesPerMinute,
        whenNoPod,
        mode,
        pause,
        all);
  }

  private static void readable(List<Finding> findings, String field, String selector) {
    if (!selector.isEmpty() && !LabelQuery.parse(selector).readable()) {
      fatal(findings, field, "\"" + selector + "\" is no label selector; write app=name");
    }
  }

  private static void fatal(List<Finding> findings, String field, String message) {
    findings.add(new Finding(field, message, true));
  }

  private static Duration duration(
      List<Finding> findings, String field, @Nullable String text, Duration usual) {
    if (text == null) {
      return usual;
    }
    return Durations.parse(text)
        .orElseGet(() -> {
          fatal(findings, field, "\"" + text + "\" is no duration; write 30s or 10m");
          return usual;
        });
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value.strip();
  }

  private static int number(@Nullable Integer value, int usual) {
    return value == null ? usual : value;
  }

  /** Returns whether nothing can be done before it is mended. */
  public boolean invalid() {
    return findings.stream().anyMatch(Finding::fatal);
  }

  /** Returns whether a Service is meant, by its name and labels. */
  public boolean means(String name, Map<String, String> labels) {
    boolean byName =
        prefix.isEmpty()
            || (name.startsWith(prefix)
                && name.length() > prefix.length()
                && name.chars().skip(prefix.length()).allMatch(c -> c >= '0' && c <= '9'));
    return !invalid()
        && byName
        && (serviceSelector.isEmpty() || LabelQuery.parse(serviceSelector).matches(labels));
  }

  /** Returns whether a pod is meant, by its labels and its owner's name. */
  public boolean meansPod(Meta pod) {
    Meta.Owner owner = pod.controller();
    boolean owned =
        statefulSet.isEmpty()
            || (owner != null
                && owner.kind().equals("StatefulSet")
                && owner.name().equals(statefulSet));
    return owned && (podSelector.isEmpty() || LabelQuery.parse(podSelector).matches(pod.labels()));
  }
}
