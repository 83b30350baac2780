package dev.ebb.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.model.ScaledResource;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteSpecTest {

  private static ScaledResource resource(
      ScaledResource.TargetRef target, String wakeTimeout, Integer held) {
    ScaledResource.Limits limits = held == null ? null : new ScaledResource.Limits(held, null);
    return new ScaledResource(
        Meta.named("ns", "shop"),
        new ScaledResource.Spec(
            target, null, null, null, wakeTimeout, limits, null, null, null, null),
        null);
  }

  @ParameterizedTest(name = "wakeTimeout {0}, held {1}: {2} s, {3}")
  @CsvSource({
    ",,300,1000",
    "90s,5,90,5",
    "-1s,,300,1000",
    "soon,,300,1000",
    ",0,300,1",
    ",-3,300,1"
  })
  void whatCannotBeUsedGetsItsDefault(String wakeTimeout, Integer held, long seconds, int places) {
    ScaledResource.TargetRef target = new ScaledResource.TargetRef("apps/v1", "Deployment", "shop");

    RouteSpec spec = RouteSpec.of(resource(target, wakeTimeout, held));

    assertThat(spec.wakeTimeout()).isEqualTo(Duration.ofSeconds(seconds));
    assertThat(spec.maxHeld()).isEqualTo(places);
    assertThat(spec.paused()).isFalse();
  }

  @Test
  void withoutATargetThereIsNoRoute() {
    assertThat(RouteSpec.of(resource(null, null, null))).isNull();
    assertThat(RouteSpec.of(resource(new ScaledResource.TargetRef("v1", "", "x"), null, null)))
        .isNull();
  }
}
