package dev.ebb.runtime.freeze;

import dev.ebb.runtime.kube.Informer;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.model.ConfigMap;
import dev.ebb.runtime.model.Namespace;
import dev.ebb.scaler.ResourceKey;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Watches the switch: the ConfigMap in the release's namespace and the annotations of namespaces.
 * Until it has seen them everything counts as frozen. Thread-safe.
 */
public final class FreezeWatch implements Freezes, AutoCloseable {

  private final KubeClient client;
  private final ResourceKey configMap;
  private final Informer<ConfigMap> suite;
  private final Informer<Namespace> namespaces;

  /**
   * Creates the watch; {@link #start()} starts it.
   *
   * @param home the release's namespace
   * @param watched the only namespace that the service works in; null for all
   */
  public FreezeWatch(
      KubeClient client, String home, @Nullable String watched, InstantSource clock) {
    this.client = client;
    this.configMap = new ResourceKey(home, Freeze.CONFIG_MAP);
    this.suite = new Informer<>(client, ConfigMap.TYPE, home, named(Freeze.CONFIG_MAP), clock);
    this.namespaces =
        new Informer<>(
            client, Namespace.TYPE, null, watched == null ? Map.of() : named(watched), clock);
  }

  /** Rights that are limited to a name allow lists and watches that ask for this name alone. */
  private static Map<String, String> named(String name) {
    return Map.of("fieldSelector", "metadata.name=" + name);
  }

  /** Starts watching. Returns at once. */
  public void start() {
    informers().forEach(Informer::start);
  }

  /** Returns what must have been seen before anything is decided. */
  public List<Informer<?>> informers() {
    return List.of(suite, namespaces);
  }

  /**
   * Tells when a freeze begins, ends or is given another reason.
   *
   * @param action takes the namespace, empty for all; must not block
   */
  public FreezeWatch onChange(Consumer<String> action) {
    suite.onChange(change -> action.accept(""));
    namespaces.onChange(change -> {
      Optional<Freeze> before = Freeze.of(null, change.before());
      if (!before.equals(Freeze.of(null, change.after()))) {
        action.accept(change.any().metadata().name());
      }
    });
    return this;
  }

  @Override
  public Optional<Freeze> of(String namespace) {
    if (!suite.synced() || !namespaces.synced()) {
      return Optional.of(Freeze.UNREAD);
    }
    return Freeze.of(
        suite.get(configMap).orElse(null),
        namespace.isEmpty() ? null : namespaces.get(Namespace.key(namespace)).orElse(null));
  }

  @Override
  public Optional<Freeze> live(String namespace) {
    return Freeze.of(
        client.find(ConfigMap.TYPE, configMap).orElse(null),
        client.list(Namespace.TYPE, null, named(namespace)).items().stream()
            .findFirst()
            .orElse(null));
  }

  @Override
  public void close() {
    informers().forEach(Informer::close);
  }
}
