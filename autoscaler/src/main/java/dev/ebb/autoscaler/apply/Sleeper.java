package dev.ebb.autoscaler.apply;

import dev.ebb.autoscaler.plan.GatewayView;
import dev.ebb.autoscaler.plan.Observed;
import dev.ebb.autoscaler.plan.Plan;
import dev.ebb.autoscaler.plan.Planner;
import dev.ebb.autoscaler.plan.Release;
import dev.ebb.autoscaler.plan.TargetView;
import dev.ebb.runtime.kube.KubeException;
import dev.ebb.runtime.kube.WriteGuard;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.runtime.scale.ResourceScalers;
import dev.ebb.scaler.Scale;
import dev.ebb.scaler.ScaleRequest;
import dev.ebb.scaler.ScaleTarget;
import dev.ebb.scaler.ScalerException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lays one workload to sleep: fence at every gateway replica, everything read anew and decided
 * anew, the replica count remembered, then zero. Whatever is not as expected cancels. Blocks.
 * Thread-safe.
 */
public final class Sleeper {

  private static final Logger log = LoggerFactory.getLogger(Sleeper.class);

  /** How long replicas hold new work at most. */
  static final Duration FENCE = Duration.ofSeconds(15);

  /** Zero is written only so soon after the fence: what is on its way must arrive under it. */
  static final Duration WRITE_WITHIN = Duration.ofSeconds(10);

  /** Reads everything that a decision stands on live. */
  @FunctionalInterface
  public interface LiveView {
    /** Reads; empty when the resource is gone. */
    Optional<Observed> read(ScaledResource resource);
  }

  /** How a try ended. */
  public sealed interface Result {
    /** Zero is written. */
    record Slept() implements Result {}

    /** Nothing changed. */
    record Cancelled(String why) implements Result {}

    /** Nobody knows whether zero was written; the next look finds out. */
    record Unknown(String why) implements Result {}
  }

  private final Gateway gateway;
  private final LiveView live;
  private final Planner planner;
  private final ResourceScalers scalers;
  private final ResourceWriter writer;
  private final WriteGuard guard;
  private final LongSupplier nanos;

  /**
   * Creates a sleeper.
   *
   * @param nanos the monotonic clock
   */
  public Sleeper(
      Gateway gateway,
      LiveView live,
      Planner planner,
      ResourceScalers scalers,
      ResourceWriter writer,
      WriteGuard guard,
      LongSupplier nanos) {
    this.gateway = gateway;
    this.live = live;
    this.planner = planner;
    this.scalers = scalers;
    this.writer = writer;
    this.guard = guard;
    this.nanos = nanos;
  }

  /**
   * Tries.
   *
   * @param resource what goes to sleep
   * @param view the gateway replicas as they were decided on
   */
  public Result sleep(ScaledResource resource, GatewayView view) {
    List<String> fenced = view.readyAddresses();
    if (fenced.isEmpty()) {
      return new Result.Cancelled("no gateway replica is ready");
    }
    long fencedAt = nanos.getAsLong();
    Result result = new Result.Cancelled("interrupted");
    try {
      result =
          refusal(fenced, gateway.fence(fenced, resource, FENCE))
              .<Result>map(Result.Cancelled::new)
              .orElseGet(() -> underFence(resource, fenced, fencedAt));
    } catch (KubeException | ScalerException | WriteGuard.NotLeadingException e) {
      result = new Result.Cancelled(String.valueOf(e.getMessage()));
    } finally {
      tell(fenced, resource, result);
    }
    return result;
  }

  /** Who does not say that it holds new work does not. */
  private static Optional<String> refusal(List<String> fenced, List<Gateway.Answer> answers) {
    Optional<String> refused =
        answers.stream()
            .filter(answer -> !answer.granted())
            .map(answer -> "gateway " + answer.address() + ": " + answer.reason())
            .findFirst();
    return refused.or(() ->
        fenced.stream()
            .filter(address -> answers.stream().noneMatch(a -> a.address().equals(address)))
            .map(address -> "gateway " + address + ": no answer")
            .findFirst());
  }

  private void tell(List<String> fenced, ScaledResource resource, Result result) {
    switch (result) {
      case Result.Slept slept -> gateway.release(fenced, resource.key(), Gateway.Outcome.slept);
      case Result.Cancelled cancelled ->
          gateway.release(fenced, resource.key(), Gateway.Outcome.cancelled);
      // The fence runs out by itself; until then nothing is sent to pods that may be going away.
      case Result.Unknown unknown -> log.warn("{}: {}", resource.key(), unknown.why());
    }
  }

  private Result underFence(ScaledResource resource, List<String> fenced, long fencedAt) {
    Observed now = live.read(resource).orElse(null);
    ScaleTarget target = now == null ? null : now.resource().target();
    if (now == null
        || target == null
        || !now.resource().metadata().uid().equals(resource.metadata().uid())
        || now.resource().metadata().deleting()
        || now.resource().metadata().annotations().containsKey(Release.UNINSTALLING)
        || !(now.target() instanceof TargetView.Found found)) {
      return new Result.Cancelled("the ScaledResource or its target changed");
    }
    if (!fenced.containsAll(now.gateway().readyAddresses())) {
      return new Result.Cancelled("another gateway replica became ready");
    }
    Plan plan = planner.plan(now);
    if (!plan.sleeps()) {
      return new Result.Cancelled("no longer: " + String.join(", ", plan.shut()));
    }
    writer.annotate(
        now.resource(),
        ScaledResource.REMEMBERED_REPLICAS,
        Integer.toString(found.scale().desired()));
    if (nanos.getAsLong() - fencedAt >= WRITE_WITHIN.toNanos() || !guard.mayWrite()) {
      return new Result.Cancelled("it took too long, or the lease is not fresh");
    }
    return writeZero(target, found.scale());
  }

  private Result writeZero(ScaleTarget target, Scale read) {
    if (read.version() == null) {
      return new Result.Cancelled("the target has no version to guard the write with");
    }
    try {
      scalers.of(target).setScale(new ScaleRequest(target, 0, read.version(), "idle")).join();
      return new Result.Slept();
    } catch (CompletionException e) {
      if (e.getCause() instanceof ScalerException refused
          && refused.kind() != ScalerException.Kind.UNAVAILABLE) {
        return new Result.Cancelled(String.valueOf(refused.getMessage()));
      }
      return afterUnknownWrite(target, e);
    }
  }

  /** The answer was lost: the write may have happened, so look. */
  private Result afterUnknownWrite(ScaleTarget target, CompletionException cause) {
    try {
      Scale scale = scalers.of(target).getScale(target);
      return scale.desired() == 0
          ? new Result.Slept()
          : new Result.Unknown("the answer to the write was lost: " + cause.getMessage());
    } catch (ScalerException e) {
      return new Result.Unknown("the answer to the write was lost: " + e.getMessage());
    }
  }
}
