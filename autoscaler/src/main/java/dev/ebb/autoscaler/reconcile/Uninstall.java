package dev.ebb.autoscaler.reconcile;

import dev.ebb.autoscaler.apply.ResourceWriter;
import dev.ebb.autoscaler.plan.Release;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.kube.KubeException;
import dev.ebb.runtime.model.EndpointSlice;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.runtime.model.Service;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.scaler.ScalerException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes Ebb out of a cluster, before Helm deletes its pods: wakes what sleeps, waits until it is
 * ready, leads all traffic past the gateway, and removes slices and finalizers. What does not
 * become ready in time is let go as it is, and named. The ScaledResources stay: a new installation
 * takes them up again.
 */
public final class Uninstall {

  private static final Duration LOOK = Duration.ofMillis(500);
  private static final Duration WITHDRAWAL = Duration.ofSeconds(10);

  private final KubeClient client;
  private final Releaser releaser;
  private final ResourceWriter writer;
  private final ResourceKey gatewayService;
  private final @Nullable String namespace;
  private final InstantSource clock;
  private final Consumer<String> out;

  /**
   * Creates the procedure.
   *
   * @param namespace the only namespace to look at; null for all
   * @param out takes the lines for whoever uninstalls
   */
  public Uninstall(
      KubeClient client,
      Releaser releaser,
      ResourceWriter writer,
      ResourceKey gatewayService,
      @Nullable String namespace,
      InstantSource clock,
      Consumer<String> out) {
    this.client = client;
    this.releaser = releaser;
    this.writer = writer;
    this.gatewayService = gatewayService;
    this.namespace = namespace;
    this.clock = clock;
    this.out = out;
  }

  /** Does it; returns when everything is released, at the latest after the longest release. */
  public void run() throws InterruptedException {
    Instant begin = clock.instant();
    Instant until = begin.plus(Release.LONGEST.minusSeconds(20));
    String installation =
        client.find(Service.TYPE, gatewayService).map(s -> s.metadata().uid()).orElse("unknown");
    Map<ResourceKey, ScaledResource> open = mark(new Uninstalling(installation, begin).text());
    out.accept("releasing " + open.size() + " ScaledResources");
    List<ResourceKey> unready = new ArrayList<>();
    while (!open.isEmpty()) {
      for (ScaledResource resource : List.copyOf(open.values())) {
        if (step(resource, until) instanceof Releaser.Progress.Finished finished) {
          open.remove(resource.key());
          if (!finished.ready()) {
            unready.add(resource.key());
          }
        }
      }
      if (!open.isEmpty()) {
        pause();
      }
    }
    awaitWithdrawal();
    out.accept("released all; " + unready.size() + " of them are not ready");
    unready.forEach(key -> out.accept("not ready: ScaledResource " + key + "; look at its pods"));
  }

  /** Keeps the running autoscaler off all resources. */
  private Map<ResourceKey, ScaledResource> mark(String mark) throws InterruptedException {
    Map<ResourceKey, ScaledResource> marked = new LinkedHashMap<>();
    boolean again = true;
    while (again) {
      again = false;
      for (ScaledResource resource :
          client.list(ScaledResource.TYPE, namespace, Map.of()).items()) {
        try {
          ScaledResource written = writer.annotate(resource, Release.UNINSTALLING, mark);
          marked.put(written.key(), written);
        } catch (KubeException e) {
          if (!e.conflict() && !e.transientFailure() && !e.notFound()) {
            throw e;
          }
          again |= !e.notFound();
        }
      }
      if (again) {
        pause();
      }
    }
    return marked;
  }

  private Releaser.Progress step(ScaledResource resource, Instant until) {
    try {
      return releaser.step(resource, until);
    } catch (KubeException e) {
      if (e.notFound()) {
        return new Releaser.Progress.Finished(true);
      }
      return failed(resource, e, e.conflict() || e.transientFailure(), until);
    } catch (ScalerException e) {
      return failed(resource, e, e.retryable(), until);
    } catch (java.util.concurrent.CompletionException e) {
      return failed(resource, e, true, until);
    }
  }

  /** One that cannot be released does not keep the others. */
  private Releaser.Progress failed(
      ScaledResource resource, RuntimeException e, boolean again, Instant until) {
    if (again && clock.instant().isBefore(until.plusSeconds(10))) {
      return new Releaser.Progress.Going(String.valueOf(e.getMessage()));
    }
    out.accept("ScaledResource " + resource.key() + ": " + e.getMessage());
    return new Releaser.Progress.Finished(false);
  }

  /** The gateway takes its slices back by itself; what it leaves is removed here. */
  private void awaitWithdrawal() throws InterruptedException {
    Instant until = clock.instant().plus(WITHDRAWAL);
    while (!slices().isEmpty() && clock.instant().isBefore(until)) {
      pause();
    }
    for (EndpointSlice slice : slices()) {
      try {
        client.delete(EndpointSlice.TYPE, slice.metadata());
      } catch (KubeException e) {
        out.accept("EndpointSlice " + slice.key() + " was not removed: " + e.getMessage());
      }
    }
  }

  private List<EndpointSlice> slices() {
    return client.list(EndpointSlice.TYPE, namespace, EndpointSlice.OF_GATEWAY).items();
  }

  private static void pause() throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
  }
}
