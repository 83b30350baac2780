package dev.ebb.autoscaler.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.runtime.model.Service;
import dev.ebb.testkit.history.ApiFaults;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Histories that once failed, as short as they were shrunk to. */
class AutoscalerRegressionsTest {

  @Test
  void anOldHandOverIsForgottenBeforeItsServiceIsKeyedAnew() {
    try (AutoscalerWorld world = new AutoscalerWorld(Seams.NONE)) {
      App shop = world.apps.getLast();
      world.users.scale(shop, 1);
      // The status cannot be written on top of a stale view, and the key could be.
      world.hold("scaledresources");
      world.users.editResource(shop, "idleAfter", "1m");
      world.users.label(shop, "edited");
      world.truth.patch(
          ScaledResource.TYPE,
          shop.key,
          null,
          KubeClient.PatchType.MERGE,
          Map.of("metadata", Map.of("labels", Map.of("a", "b"))));
      world.users.deleteService(shop, "shop");
      world.users.createService(shop, "shop");
      world.stir();
      world.pass(Duration.ofSeconds(10));

      assertThat(world.truth.get(Service.TYPE, shop.key).behindGateway())
          .as("keyed before the old hand-over is forgotten")
          .isFalse();
      world.end();
    }
  }

  @Test
  void podsThatAreHeardOfOnlyAfterTheHandOverAreWaitedFor() {
    try (AutoscalerWorld world = new AutoscalerWorld(Seams.NONE)) {
      App shop = world.apps.getLast();
      world.hold("pods");
      world.users.deleteResource(shop);
      world.stir();
      world.pass(Duration.ofSeconds(400));
      world.users.createResource(shop, Map.of("idleAfter", "1m"));
      world.stir();
      world.pass(Duration.ofSeconds(1));
      assertThat(world.truth.get(Service.TYPE, shop.key).behindGateway()).isTrue();

      world.end();
    }
  }

  @Test
  void aKeyWhoseMarkWentWithoutAnAnswerGoesToo() {
    try (AutoscalerWorld world = new AutoscalerWorld(Seams.NONE)) {
      App cart = world.apps.getFirst();
      world.faults.failWrites(ApiFaults.Fault.ANSWER_LOST, 3);
      world.users.undeploy(cart);
      world.stir();
      world.pass(Duration.ofSeconds(1));
      world.check();
      world.pass(Duration.ofSeconds(10));

      assertThat(world.truth.get(Service.TYPE, cart.key).behindGateway()).isFalse();
      world.check();
      world.end();
    }
  }
}
