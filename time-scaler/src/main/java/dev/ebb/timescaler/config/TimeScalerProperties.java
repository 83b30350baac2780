package dev.ebb.timescaler.config;

import dev.ebb.runtime.kube.ResourceType;
import dev.ebb.timescaler.api.Steerable;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What the time-scaler can be told.
 *
 * @param labelSelector which ServiceScalers are looked at, as Kubernetes writes label selectors;
 *     empty for all. {@code LABEL_SELECTOR} says the same
 * @param keda whether ScaledObjects of KEDA are looked at
 * @param scaleTargets kinds whose counts may be steered, as in {@code
 *     apps/v1/deployments/Deployment}
 * @param workers how many resources are decided on at the same time
 */
@Validated
@ConfigurationProperties("ebb.timescaler")
public record TimeScalerProperties(
    @DefaultValue("") @NotNull String labelSelector,
    @DefaultValue("false") boolean keda,
    @DefaultValue
        List<
                @Pattern(
                    regexp = "([^/]+/)?[^/]+/[^/]+/[^/]+",
                    message = "must be as in apps/v1/deployments/Deployment")
                String>
            scaleTargets,
    @DefaultValue("16") @Min(1) int workers) {

  /** Returns where the kinds beside HPAs and ScaledResources are served. */
  public List<ResourceType<Steerable>> kinds() {
    Stream<ResourceType<Steerable>> scales = scaleTargets.stream().map(TimeScalerProperties::type);
    return Stream.concat(keda ? Stream.of(Steerable.SCALED_OBJECT) : Stream.empty(), scales)
        .toList();
  }

  private static ResourceType<Steerable> type(String text) {
    List<String> parts = List.of(text.split("/", -1));
    int last = parts.size() - 1;
    return new ResourceType<>(
        last == 3 ? parts.getFirst() : "",
        parts.get(last - 2),
        parts.get(last - 1),
        parts.get(last),
        Steerable.class);
  }
}
