package dev.ebb.timescaler.plan;

import dev.ebb.runtime.config.RuntimeAutoConfiguration;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.timescaler.api.Hpa;
import dev.ebb.timescaler.api.ScalingSchedule;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** ScalingSchedules and what they steer, for tests. */
public final class Schedules {

  private static final JsonMapper JSON = RuntimeAutoConfiguration.kubernetesJson();

  private Schedules() {}

  /** Makes one for the HPA {@code shop}; single quotes stand for double ones. */
  static ScalingSchedule ofHpa(String spec) {
    return of("{'apiVersion': 'autoscaling/v2', 'kind': 'HorizontalPodAutoscaler'", spec, "");
  }

  /** Makes one for the ScaledResource {@code shop}. */
  static ScalingSchedule ofResource(String spec) {
    return of("{'apiVersion': 'ebb.dev/v1alpha1', 'kind': 'ScaledResource'", spec, "");
  }

  /** Makes one; {@code annotations} as {@code 'key': 'value'}. */
  static ScalingSchedule of(String target, String spec, String annotations) {
    return JSON.readValue(
        """
        {'metadata': {'name': 'hours', 'namespace': 'prod', 'uid': 's1', 'resourceVersion': '4',
                      'generation': 2, 'annotations': {%s}},
         'spec': {'targetRef': %s, 'name': 'shop'}%s}}
        """
            .formatted(annotations, target, spec.isEmpty() ? "" : ", " + spec)
            .replace('\'', '"'),
        ScalingSchedule.class);
  }

  /** Makes a ScaledResource; {@code replicas} as it stands in its spec. */
  static ScaledResource resource(String annotations, String replicas) {
    return JSON.readValue(
        """
        {'metadata': {'name': 'shop', 'namespace': 'prod', 'uid': 'r1', 'resourceVersion': '7',
                      'annotations': {%s}},
         'spec': {'targetRef': {'apiVersion': 'apps/v1', 'kind': 'Deployment', 'name': 'shop'},
                  'replicas': {%s}}}
        """
            .formatted(annotations, replicas)
            .replace('\'', '"'),
        ScaledResource.class);
  }

  /** Decides at an instant. */
  static SchedulePlan plan(
      ScalingSchedule schedule, @Nullable Hpa hpa, @Nullable ScaledResource resource, String at) {
    return SchedulePlanner.plan(
        new ScheduleObserved(schedule, hpa, resource, Optional.empty(), Instant.parse(at)));
  }
}
