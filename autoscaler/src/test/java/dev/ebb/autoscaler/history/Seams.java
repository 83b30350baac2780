package dev.ebb.autoscaler.history;

import dev.ebb.autoscaler.activity.ActivityHub;
import dev.ebb.autoscaler.apply.Gateway;
import dev.ebb.autoscaler.apply.Sleeper;
import dev.ebb.autoscaler.plan.Settings;
import dev.ebb.scaler.ResourceScaler;
import java.time.Duration;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import okhttp3.Interceptor;

/**
 * Where a test can stand between the autoscaler's parts, to plant a fault in the one before it.
 *
 * @param settings the times
 * @param silence after how long a silent gateway replica is unknown
 * @param interceptors stand between the autoscaler's client and the API
 * @param streams wraps how the gateway's activity is heard
 * @param gateway wraps what is asked of the gateway
 * @param scaler wraps how workloads are scaled
 * @param live chooses between the live view and the cached one
 */
record Seams(
    Settings settings,
    Duration silence,
    List<Interceptor> interceptors,
    UnaryOperator<ActivityHub.Streams> streams,
    UnaryOperator<Gateway> gateway,
    UnaryOperator<ResourceScaler> scaler,
    BinaryOperator<Sleeper.LiveView> live) {

  /** Nothing is planted. */
  static final Seams NONE =
      new Seams(
          AutoscalerSteps.SETTINGS,
          Duration.ofSeconds(30),
          List.of(),
          UnaryOperator.identity(),
          UnaryOperator.identity(),
          UnaryOperator.identity(),
          (live, cached) -> live);

  Seams with(Settings other) {
    return new Seams(other, silence, interceptors, streams, gateway, scaler, live);
  }

  Seams withSilence(Duration other) {
    return new Seams(settings, other, interceptors, streams, gateway, scaler, live);
  }

  Seams with(Interceptor interceptor) {
    return new Seams(settings, silence, List.of(interceptor), streams, gateway, scaler, live);
  }

  Seams withStreams(UnaryOperator<ActivityHub.Streams> other) {
    return new Seams(settings, silence, interceptors, other, gateway, scaler, live);
  }

  Seams withGateway(UnaryOperator<Gateway> other) {
    return new Seams(settings, silence, interceptors, streams, other, scaler, live);
  }

  Seams withScaler(UnaryOperator<ResourceScaler> other) {
    return new Seams(settings, silence, interceptors, streams, gateway, other, live);
  }

  Seams withLive(BinaryOperator<Sleeper.LiveView> other) {
    return new Seams(settings, silence, interceptors, streams, gateway, scaler, other);
  }
}
