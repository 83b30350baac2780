package dev.ebb.nodescaler.reconcile;

import dev.ebb.nodescaler.api.Node;
import dev.ebb.nodescaler.api.NodeBuffer;
import dev.ebb.nodescaler.api.NodeBuffer.Status;
import dev.ebb.nodescaler.apply.BufferWriter;
import dev.ebb.nodescaler.apply.Clouds;
import dev.ebb.nodescaler.plan.Buffer;
import dev.ebb.nodescaler.plan.Decision;
import dev.ebb.nodescaler.plan.Memory;
import dev.ebb.nodescaler.plan.Plan;
import dev.ebb.nodescaler.plan.Situation;
import dev.ebb.nodescaler.plan.Statuses;
import dev.ebb.runtime.freeze.Freezes;
import dev.ebb.runtime.kube.EventRecorder.Subject;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.kube.KubeException;
import dev.ebb.runtime.loop.LoopContext;
import dev.ebb.runtime.loop.Reconciler;
import dev.ebb.scaler.ResourceKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes one buffer true: decides on what the caches show and on the cloud as it was read last,
 * carries the steps out, and tells what became of them. What fails keeps nothing else from being
 * done.
 *
 * <p>What has to be known of earlier decisions is kept here while this process leads, and in the
 * status for whoever leads next; a status that cannot be written makes nothing happen twice.
 */
public final class BufferReconciler implements Reconciler<ResourceKey> {

  private static final Duration SOON = Duration.ofMillis(200);

  /** While the cloud owes nodes or deletes some it is looked more often. */
  private static final Duration BUSY = Duration.ofSeconds(10);

  /** Numbers that change all the time are not written more often. */
  static final Duration STATUS_GAP = Duration.ofSeconds(5);

  private final Lookout lookout;
  private final Clouds clouds;
  private final KubeClient client;
  private final Freezes freezes;
  private final Hands hands;
  private final BufferWriter buffers;
  private final Reports reports;
  private final Observations observations;
  private final Settings settings;
  private final InstantSource clock;
  private final Function<Situation, Decision> decider;
  private final Map<ResourceKey, Known> known = new ConcurrentHashMap<>();

  /**
   * What does not depend on a buffer.
   *
   * @param refresh how old the view of a cloud may become at rest
   * @param self what Events are about when a buffer is no object
   * @param again takes buffers that are to be looked at because their cloud has changed
   */
  public record Settings(Duration refresh, Subject self, Consumer<ResourceKey> again) {}

  /**
   * What is known of a buffer.
   *
   * @param uid which object; one that is made anew begins anew
   * @param memory of earlier decisions
   * @param status the last one; of one that is no object this is where it is
   * @param written when it was written last
   */
  private record Known(String uid, Memory memory, Status status, Instant written) {}

  /** Creates a reconciler. */
  public BufferReconciler(
      Lookout lookout,
      Clouds clouds,
      KubeClient client,
      Freezes freezes,
      Hands hands,
      BufferWriter buffers,
      Reports reports,
      Observations observations,
      Settings settings,
      InstantSource clock,
      Function<Situation, Decision> decider) {
    this.lookout = lookout;
    this.clouds = clouds;
    this.client = client;
    this.freezes = freezes;
    this.hands = hands;
    this.buffers = buffers;
    this.reports = reports;
    this.observations = observations;
    this.settings = settings;
    this.clock = clock;
    this.decider = decider;
  }

  @Override
  public Result reconcile(ResourceKey key) {
    Buffer buffer = lookout.buffer(key).orElse(null);
    if (buffer == null) {
      observations.forget(key);
      known.remove(key);
      return gone(key);
    }
    NodeBuffer object = buffer.uid().isEmpty() ? null : lookout.buffers().get(key).orElse(null);
    if (object != null) {
      LoopContext.generation(object.metadata().generation());
    }
    return carryOut(buffer, object);
  }

  private Result carryOut(Buffer buffer, @Nullable NodeBuffer object) {
    Known last = known(buffer, object);
    Clouds.View cloud = buffer.invalid() ? Clouds.View.NONE : view(buffer, last.memory());
    Decision decision = decider.apply(lookout.situation(buffer, cloud, last.memory(), freezes));
    if (decision.resume() && object != null) {
      buffers.resume(object);
      reports.resumed(object);
      return Result.after(SOON);
    }
    Subject subject = object == null ? settings.self() : Subject.of(NodeBuffer.TYPE, object);
    Hands.Outcome outcome = hands.carryOut(decision, last.memory(), subject);
    observations.decided(decision);
    Instant tellAgain = tell(subject, object, last, decision, outcome);
    if (outcome.fault() != null) {
      // Tried again with a growing delay.
      throw outcome.fault();
    }
    return outcome.again()
        ? Result.after(SOON)
        : Result.after(wait(decision, outcome.memory(), cloud, tellAgain));
  }

  /** Returns what is known of earlier decisions, for whoever explains the next one. */
  public Memory memory(Buffer buffer) {
    NodeBuffer object =
        buffer.uid().isEmpty() ? null : lookout.buffers().get(buffer.key()).orElse(null);
    return known(buffer, object).memory();
  }

  /** Returns how old the view of a cloud may become at rest. */
  public Duration refresh() {
    return settings.refresh();
  }

  private Known known(Buffer buffer, @Nullable NodeBuffer object) {
    Known before = known.get(buffer.key());
    if (before != null && before.uid().equals(buffer.uid())) {
      return object == null
          ? before
          : new Known(before.uid(), before.memory(), object.status(), before.written());
    }
    Status status = object == null ? Status.NONE : object.status();
    return new Known(buffer.uid(), Statuses.memory(status), status, Instant.EPOCH);
  }

  private Clouds.View view(Buffer buffer, Memory memory) {
    return clouds.view(buffer.pool(), age(memory), () -> settings.again().accept(buffer.key()));
  }

  private Duration age(Memory memory) {
    boolean busy = memory.upcoming() > memory.writtenOff();
    return busy && BUSY.compareTo(settings.refresh()) < 0 ? BUSY : settings.refresh();
  }

  /** Returns when the status is to be looked at again; null when it says what there is. */
  private @Nullable Instant tell(
      Subject subject,
      @Nullable NodeBuffer object,
      Known last,
      Decision decision,
      Hands.Outcome outcome) {
    long generation = object == null ? 0 : object.metadata().generation();
    Status before = last.status();
    Status status = Statuses.of(before, generation, decision, outcome.memory(), outcome.failures());
    reports.report(subject, before, decision, status);
    ResourceKey key = decision.buffer().key();
    Instant now = decision.now();
    Instant next = last.written().plus(STATUS_GAP);
    boolean same = Statuses.same(before, status);
    boolean later = !same && Statuses.alike(before, status) && now.isBefore(next);
    known.put(
        key,
        new Known(
            last.uid(),
            outcome.memory(),
            same || later ? before : status,
            same || later ? last.written() : now));
    if (object != null && !same && !later) {
      try {
        buffers.status(object, status);
      } catch (KubeException e) {
        outcome.failed("status", e);
      }
    }
    return later ? next : null;
  }

  private Duration wait(
      Decision decision, Memory memory, Clouds.View cloud, @Nullable Instant tellAgain) {
    Instant now = clock.instant();
    Instant next = now.plus(age(memory));
    Plan plan = decision.plan();
    next = earlier(next, plan == null ? null : plan.lookAgain());
    next = earlier(next, tellAgain);
    next = earlier(next, cloud.retryAt());
    next = earlier(next, decision.buffer().pause().map(p -> p.until()).orElse(null));
    return next.isAfter(now) ? Duration.between(now, next) : SOON;
  }

  private static Instant earlier(Instant one, @Nullable Instant other) {
    return other != null && other.isBefore(one) ? other : one;
  }

  /** Takes the marks of a buffer back that is really gone. */
  private Result gone(ResourceKey key) {
    List<Node> left = lookout.marked(key).filter(node -> node.time(Node.DELETING) == null).toList();
    if (left.isEmpty()) {
      return Result.DONE;
    }
    boolean there =
        client
            .find(NodeBuffer.TYPE, key)
            .filter(buffer -> !buffer.metadata().deleting())
            .isPresent();
    if (there) {
      return Result.DONE;
    }
    Hands.Outcome outcome = hands.release(left, Buffer.name(key) + " is gone");
    if (outcome.fault() != null) {
      throw outcome.fault();
    }
    return outcome.again() ? Result.after(SOON) : Result.DONE;
  }
}
