package dev.ebb.runtime.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ebb.scaler.ResourceKey;
import dev.ebb.scaler.ResourceScaler;
import dev.ebb.scaler.Scale;
import dev.ebb.scaler.ScaleRequest;
import dev.ebb.scaler.ScaleTarget;
import dev.ebb.scaler.ScalerConfig;
import dev.ebb.scaler.ScalerException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ResourceScalersTest {

  private static final ScaleTarget SITE =
      new ScaleTarget("example.com/v1", "Site", new ResourceKey("ns", "shop"));
  private static final ScaleTarget DEPLOYMENT =
      new ScaleTarget("apps/v1", "Deployment", new ResourceKey("ns", "shop"));

  private final ResourceScaler sites = new Stub("Site", new ScalerConfig(null, null));
  private final ResourceScaler otherSites =
      new Stub("Site", new ScalerConfig(Duration.ofMinutes(1), null));
  private final ResourceScaler everything =
      new Stub("", new ScalerConfig(Duration.ofMinutes(2), Duration.ofMinutes(3)));

  @Test
  void theFirstThatDrivesATargetIsUsed() {
    assertThat(new ResourceScalers(List.of(sites, otherSites, everything)).of(SITE))
        .isSameAs(sites);
    assertThat(new ResourceScalers(List.of(otherSites, sites, everything)).of(SITE))
        .isSameAs(otherSites);
    assertThat(new ResourceScalers(List.of(everything, sites)).of(SITE)).isSameAs(everything);
  }

  @Test
  void whoDoesNotDriveATargetIsPassedOver() {
    assertThat(new ResourceScalers(List.of(sites, otherSites, everything)).of(DEPLOYMENT))
        .isSameAs(everything);
  }

  @Test
  void whoThrowsKeepsItsTargetsFromTheNextAndLeavesAllOthersAlone() {
    ResourceScaler broken =
        new ResourceScaler() {
          @Override
          public boolean drives(ScaleTarget target) {
            if (target.kind().equals("Site")) {
              throw new IllegalStateException("no Sites today");
            }
            return false;
          }

          @Override
          public Scale getScale(ScaleTarget target) {
            throw new UnsupportedOperationException();
          }

          @Override
          public CompletableFuture<Scale> setScale(ScaleRequest request) {
            throw new UnsupportedOperationException();
          }
        };
    ResourceScalers scalers = new ResourceScalers(List.of(broken, everything));

    assertThatThrownBy(() -> scalers.of(SITE))
        .isInstanceOfSatisfying(
            ScalerException.class,
            e -> assertThat(e.kind()).isEqualTo(ScalerException.Kind.UNAVAILABLE))
        .hasMessageContaining("cannot say whether it drives Site ns/shop")
        .hasMessageContaining("no Sites today");
    assertThat(scalers.of(DEPLOYMENT)).isSameAs(everything);
  }

  @Test
  void aTargetThatNobodyDrivesIsNotFound() {
    assertThatThrownBy(() -> new ResourceScalers(List.of(sites)).of(DEPLOYMENT))
        .isInstanceOfSatisfying(
            ScalerException.class,
            e -> assertThat(e.kind()).isEqualTo(ScalerException.Kind.NOT_FOUND))
        .hasMessageContaining("Deployment ns/shop");
  }

  @Test
  void configurationOfTheFirstWinsFieldByField() {
    assertThat(new ResourceScalers(List.of(sites, otherSites, everything)).config())
        .isEqualTo(new ScalerConfig(Duration.ofMinutes(1), Duration.ofMinutes(3)));
  }

  /** Drives a kind, or all where the kind is empty. */
  private record Stub(String kind, ScalerConfig config) implements ResourceScaler {
    @Override
    public boolean drives(ScaleTarget target) {
      return kind.isEmpty() || kind.equals(target.kind());
    }

    @Override
    public Scale getScale(ScaleTarget target) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Scale> setScale(ScaleRequest request) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ScalerConfig getConfig() {
      return config;
    }
  }
}
