package dev.ebb.scaler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScalerApiTest {

  @Test
  void configurationMergesFieldByField() {
    ScalerConfig service = new ScalerConfig(Duration.ofMinutes(1), Duration.ofMinutes(5));
    ScalerConfig plugin = new ScalerConfig(null, Duration.ofMinutes(2));

    assertThat(service.overlaidBy(plugin))
        .isEqualTo(new ScalerConfig(Duration.ofMinutes(1), Duration.ofMinutes(2)));
    assertThat(service.overlaidBy(ScalerConfig.NONE)).isEqualTo(service);
  }

  @Test
  void equalNamesInTwoNamespacesAreTwoResources() {
    assertThat(new ResourceKey("a", "shop")).isNotEqualTo(new ResourceKey("b", "shop"));
    assertThat(new ResourceKey("a", "shop")).hasToString("a/shop");
  }

  @ParameterizedTest
  @CsvSource({"apps/v1,apps,v1", "v1,'',v1", "example.com/v1beta1,example.com,v1beta1"})
  void splitsAnApiVersion(String apiVersion, String group, String version) {
    ScaleTarget target = new ScaleTarget(apiVersion, "Thing", new ResourceKey("ns", "n"));

    assertThat(target.group()).isEqualTo(group);
    assertThat(target.version()).isEqualTo(version);
  }

  @ParameterizedTest
  @CsvSource({
    "resourceUpdated,RESOURCE_UPDATED",
    "scaleFromZeroStarted,SCALE_FROM_ZERO_STARTED",
    "scaleFromZeroCompleted,SCALE_FROM_ZERO_COMPLETED",
    "scaleToZeroStarted,SCALE_TO_ZERO_STARTED",
    "scaleToZeroCompleted,SCALE_TO_ZERO_COMPLETED"
  })
  void keepsThePredecessorsEventNames(String text, ScaleEvent event) {
    assertThat(ScaleEvent.parse(text)).contains(event);
    assertThat(event.text()).isEqualTo(text);
  }

  @Test
  void anUnknownEventIsNotAnError() {
    assertThat(ScaleEvent.parse("somethingElse")).isEmpty();
  }

  @Test
  void badInputNamesTheField() {
    assertThatThrownBy(() -> new ResourceKey("", "x")).hasMessageContaining("namespace");
    assertThatThrownBy(() -> new ScaleCondition("m", Duration.ofSeconds(-1), BigDecimal.ONE))
        .hasMessageContaining("window");
    assertThatThrownBy(() ->
            new ScaleRequest(
                new ScaleTarget("apps/v1", "Deployment", new ResourceKey("a", "b")),
                -1,
                null,
                "wake"))
        .hasMessageContaining("replicas");
    assertThatThrownBy(() -> new ScalerConfig(Duration.ZERO, null))
        .hasMessageContaining("scaleInterval");
  }
}
