package dev.ebb.autoscaler.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.autoscaler.plan.GatewayView.Replica;
import java.util.List;
import org.junit.jupiter.api.Test;

class GatewayViewTest {

  @Test
  void aTerminatingReplicaIsListenedToAndTakesNoNewWork() {
    GatewayView view =
        new GatewayView(
            List.of(
                new Replica("a", true, false),
                new Replica("b", false, true),
                new Replica("c", false, false)),
            World.NOW,
            null);

    assertThat(view.addresses()).containsExactly("a", "b", "c");
    assertThat(view.readyAddresses()).containsExactly("a");
    assertThat(view.ready()).isTrue();
  }

  @Test
  void noReadyReplicaIsNoReadyGateway() {
    assertThat(new GatewayView(List.of(), null, World.NOW).ready()).isFalse();
    assertThat(new GatewayView(List.of(new Replica("b", false, true)), null, World.NOW).ready())
        .isFalse();
  }
}
