package dev.ebb.runtime.scale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.runtime.freeze.Freeze;
import dev.ebb.runtime.freeze.Freezes;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.scaler.ResourceScaler;
import dev.ebb.scaler.Scale;
import dev.ebb.scaler.ScaleRequest;
import dev.ebb.scaler.ScaleTarget;
import dev.ebb.scaler.ScalerException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A plug-in's scaler writes wherever it likes, and is held to the freeze all the same. */
class FrozenScalerTest {

  private static final ScaleTarget SITE =
      new ScaleTarget("example.com/v1", "Site", new ResourceKey("frozen", "shop"));

  private static final Freezes FREEZES =
      new Freezes() {
        @Override
        public Optional<Freeze> of(String namespace) {
          return namespace.equals("frozen")
              ? Optional.of(new Freeze(Freeze.Scope.NAMESPACE, "launch"))
              : Optional.empty();
        }

        @Override
        public Optional<Freeze> live(String namespace) {
          return of(namespace);
        }
      };

  /** Keeps its sites' count in itself. */
  private static final class Sites implements ResourceScaler {
    private int count;

    @Override
    public boolean drives(ScaleTarget target) {
      return true;
    }

    @Override
    public Scale getScale(ScaleTarget target) {
      return new Scale(count, count, "1", null, null);
    }

    @Override
    public CompletableFuture<Scale> setScale(ScaleRequest request) {
      count = request.replicas();
      return CompletableFuture.completedFuture(getScale(request.target()));
    }
  }

  @ParameterizedTest(name = "{0}: {1} -> {2} is {3}")
  @CsvSource({
    "frozen,0,3,3",
    "frozen,3,0,3",
    "frozen,1,2,1",
    "frozen,2,1,2",
    "free,3,0,0",
    "free,1,2,2"
  })
  void mayWakeAndNothingElse(String namespace, int before, int wanted, int after) {
    Sites sites = new Sites();
    sites.count = before;
    ScaleTarget target =
        new ScaleTarget(SITE.apiVersion(), SITE.kind(), new ResourceKey(namespace, "shop"));

    CompletableFuture<Scale> written =
        new ResourceScalers(List.of(sites), FREEZES)
            .of(target)
            .setScale(new ScaleRequest(target, wanted, null, "test"));

    assertThat(sites.count).isEqualTo(after);
    if (after != wanted) {
      assertThat(written)
          .failsWithin(java.time.Duration.ZERO)
          .withThrowableOfType(java.util.concurrent.ExecutionException.class)
          .havingCause()
          .isInstanceOfSatisfying(
              ScalerException.class,
              e -> assertThat(e.kind()).isEqualTo(ScalerException.Kind.FORBIDDEN))
          .withMessageContaining("launch");
    }
  }
}
