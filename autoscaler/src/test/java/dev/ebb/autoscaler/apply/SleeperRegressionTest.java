package dev.ebb.autoscaler.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.autoscaler.plan.Planner;
import dev.ebb.autoscaler.plan.Settings;
import dev.ebb.autoscaler.plan.World;
import dev.ebb.runtime.kube.ObjectWriter;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.runtime.scale.ResourceScalers;
import dev.ebb.scaler.ResourceKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What once went wrong. */
class SleeperRegressionTest {
  @Test
  void aMissingAnswerIsARefusal() {
    World world = new World();
    Gateway gateway =
        new Gateway() {
          @Override
          public List<Answer> fence(List<String> a, ScaledResource r, Duration ttl) {
            return List.of(new Answer(a.getFirst(), true, ""));
          }

          @Override
          public void release(List<String> a, ResourceKey r, Outcome o) {}
        };
    Sleeper sleeper =
        new Sleeper(
            gateway,
            r -> Optional.of(world.observed()),
            new Planner(Settings.DEFAULT),
            new ResourceScalers(List.of()),
            new ResourceWriter(new ObjectWriter(new FakeApi().client(), List.of())),
            () -> true,
            () -> 0L);
    assertThat(sleeper.sleep(world.resource(), world.gateway()))
        .isInstanceOfSatisfying(
            Sleeper.Result.Cancelled.class,
            c -> assertThat(c.why()).doesNotContain("no ResourceScaler"));
  }
}
