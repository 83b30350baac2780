package dev.ebb.scaler;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A resource that a {@link ResourceScaler} offers for sleep beside those that users declare as
 * {@code ScaledResource} objects.
 *
 * @param target what is scaled
 * @param conditions when it may sleep; an empty list never lets it sleep
 * @param lastEvent the last life-cycle event, or null when there was none
 * @param lastEventTime when that was; null with a non-null event means unknown, which keeps the
 *     resource up
 */
public record ScalableResource(
    ScaleTarget target,
    List<ScaleCondition> conditions,
    @Nullable ScaleEvent lastEvent,
    @Nullable Instant lastEventTime) {

  /** Copies the list. */
  public ScalableResource {
    conditions = List.copyOf(conditions);
  }
}
