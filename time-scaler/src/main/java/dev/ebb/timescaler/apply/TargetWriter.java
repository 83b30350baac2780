package dev.ebb.timescaler.apply;

import dev.ebb.runtime.kube.KubeObject;
import dev.ebb.runtime.kube.ObjectWriter;
import dev.ebb.runtime.kube.ResourceType;
import dev.ebb.runtime.scale.ResourceScalers;
import dev.ebb.scaler.Scale;
import dev.ebb.scaler.ScaleRequest;
import dev.ebb.scaler.ScaleTarget;
import dev.ebb.timescaler.api.Steerable;
import dev.ebb.timescaler.plan.KedaStep;
import dev.ebb.timescaler.plan.Remembered;
import dev.ebb.timescaler.plan.Saved;
import dev.ebb.timescaler.plan.WorkloadStep;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Every write to KEDA's ScaledObjects and to counts, with what is remembered of them: only on top
 * of what was read. Blocks. Thread-safe.
 */
public final class TargetWriter {

  private final ObjectWriter writes;
  private final ResourceScalers scalers;

  /**
   * Creates a writer.
   *
   * @param scalers set counts
   */
  public TargetWriter(ObjectWriter writes, ResourceScalers scalers) {
    this.writes = writes;
    this.scalers = scalers;
  }

  /** Reads a count as it is now. */
  public Scale read(ScaleTarget target) {
    return scalers.of(target).getScale(target);
  }

  /** Changes a ScaledObject. */
  public Steerable change(ResourceType<Steerable> type, KedaStep step, String by) {
    ObjectNode patch = writes.node();
    ObjectNode notes = patch.putObject("metadata").putObject("annotations");
    Saved save = step.save();
    if (save != null) {
      notes.put(Saved.BOUNDS, save.text());
    }
    if (step.hibernate()) {
      notes.put(Steerable.HIBERNATED, by).put(Steerable.KEDA_PAUSED_REPLICAS, "0");
    } else if (step.object().metadata().annotations().containsKey(Steerable.HIBERNATED)) {
      notes.putNull(Steerable.HIBERNATED).putNull(Steerable.KEDA_PAUSED_REPLICAS);
    }
    counts(patch, step.min(), step.max());
    return writes.patch(type, step.object().metadata(), null, patch);
  }

  /** Gives a ScaledObject back what it said before; what cannot be read stays as it is. */
  public void restore(ResourceType<Steerable> type, Steerable object) {
    ObjectNode patch = writes.node();
    ObjectNode notes = patch.putObject("metadata").putObject("annotations").putNull(Saved.BOUNDS);
    if (object.metadata().annotations().containsKey(Steerable.HIBERNATED)) {
      notes.putNull(Steerable.HIBERNATED).putNull(Steerable.KEDA_PAUSED_REPLICAS);
    }
    Saved.in(object.metadata()).ifPresent(saved -> counts(patch, saved.min(), saved.max()));
    writes.patch(type, object.metadata(), null, patch);
  }

  private static void counts(ObjectNode patch, @Nullable Integer min, @Nullable Integer max) {
    patch.putObject("spec").put("minReplicaCount", min).put("maxReplicaCount", max);
  }

  /**
   * Takes a step with a count.
   *
   * @param keeper what remembers the count: the workload itself, or its HPA
   * @param workload whose count it is
   */
  public <T extends KubeObject> void take(
      ResourceType<T> type, T keeper, ScaleTarget workload, WorkloadStep step, String why) {
    switch (step) {
      case WorkloadStep.Remember(var count) -> note(type, keeper, count.text());
      case WorkloadStep.SetCount(var seen, var replicas) ->
          scalers.scale(new ScaleRequest(workload, replicas, seen.version(), why));
      case WorkloadStep.Forget forget -> note(type, keeper, null);
    }
  }

  private <T extends KubeObject> void note(
      ResourceType<T> type, T keeper, @Nullable String remembered) {
    ObjectNode patch = writes.node();
    patch.putObject("metadata").putObject("annotations").put(Steerable.SAVED_SCALE, remembered);
    writes.patch(type, keeper.metadata(), null, patch);
  }

  /**
   * Gives a workload back the count that its keeper remembers. What the keeper remembers stays: it
   * goes with {@link #forget} or with the keeper's own restoration.
   *
   * @param onlyFromZero whether a count above zero is somebody else's by now
   */
  public void giveBack(KubeObject keeper, ScaleTarget workload, boolean onlyFromZero) {
    Optional<Remembered> kept = Remembered.in(keeper.metadata());
    if (kept.isEmpty()) {
      return;
    }
    Scale now = read(workload);
    if (now.desired() != kept.get().replicas() && (now.desired() == 0 || !onlyFromZero)) {
      scalers.scale(
          new ScaleRequest(
              workload, kept.get().replicas(), now.version(), "no schedule steers it any more"));
    }
  }

  /** Lets a keeper forget. */
  public <T extends KubeObject> void forget(ResourceType<T> type, T keeper) {
    note(type, keeper, null);
  }
}
