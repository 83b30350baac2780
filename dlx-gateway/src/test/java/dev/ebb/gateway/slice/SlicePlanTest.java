package dev.ebb.gateway.slice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.model.EndpointSlice;
import dev.ebb.runtime.model.IntOrString;
import dev.ebb.runtime.model.Service;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SlicePlanTest {

  private final Service service =
      new Service(
          Meta.named("ns", "shop"),
          new Service.Spec(
              Map.of("app", "shop"),
              List.of(
                  new Service.Port("http", 80, "TCP", "http", new IntOrString("web")),
                  new Service.Port("dns", 53, "UDP", null, null)),
              "10.96.0.9",
              "ClusterIP",
              List.of("IPv4"),
              null,
              null,
              "None"));

  private static EndpointSlice replicas(EndpointSlice.Endpoint... endpoints) {
    return new EndpointSlice(Meta.named("ebb-system", "gw"), "IPv4", List.of(endpoints), List.of());
  }

  private static EndpointSlice.Endpoint replica(String ip, boolean ready, boolean terminating) {
    return new EndpointSlice.Endpoint(
        List.of(ip),
        new EndpointSlice.Conditions(ready, ready || terminating, terminating),
        "node",
        null,
        null);
  }

  private List<SlicePlan.Desired> plan(
      EndpointSlice gateway, List<EndpointSlice> live, String... up) {
    return SlicePlan.plan(
        service, List.of(gateway), Map.of("http", 10_000), live, List.of(up)::contains);
  }

  @Test
  void listsTheReplicasThatAcceptUnderTheServicesOwnPortName() {
    List<SlicePlan.Desired> slices =
        plan(replicas(replica("1", true, false), replica("2", true, false)), List.of(), "1");

    assertThat(slices).hasSize(1);
    assertThat(slices.getFirst().ports())
        .containsExactly(new EndpointSlice.Port("http", 10_000, "TCP", "http"));
    assertThat(slices.getFirst().endpoints())
        .extracting(e -> e.addresses().getFirst())
        .containsExactly("1");
  }

  @Test
  void aReplicaThatIsListedStaysListedWhileTheGatewayCallsItReady() {
    SlicePlan.Desired before = plan(replicas(replica("1", true, false)), List.of(), "1").getFirst();
    EndpointSlice live =
        new EndpointSlice(
            Meta.named("ns", before.name()), "IPv4", before.endpoints(), before.ports());

    assertThat(plan(replicas(replica("1", true, false)), List.of(live)).getFirst().endpoints())
        .hasSize(1);
  }

  @Test
  void whatWasReachableOnOtherPortsMustBeReachedAnew() {
    EndpointSlice live =
        new EndpointSlice(
            Meta.named("ns", "x"),
            "IPv4",
            List.of(replica("1", true, false)),
            List.of(new EndpointSlice.Port("http", 9, "TCP", null)));

    assertThat(plan(replicas(replica("1", true, false)), List.of(live))).isEmpty();
  }

  @Test
  void aTerminatingReplicaIsKeptAsServingButNotReady() {
    List<SlicePlan.Desired> slices =
        plan(replicas(replica("1", false, true), replica("2", true, false)), List.of(), "1", "2");

    EndpointSlice.Endpoint leaving = slices.getFirst().endpoints().getFirst();
    assertThat(leaving.ready()).isFalse();
    assertThat(leaving.terminating()).isTrue();
    assertThat(leaving.conditions().serving()).isTrue();
    assertThat(slices.getFirst().endpoints().get(1).ready()).isTrue();
  }

  @Test
  void withoutAReadyReplicaNothingIsPlanned() {
    assertThat(plan(replicas(replica("1", false, false)), List.of(), "1")).isEmpty();
  }

  @Test
  void anEqualSliceIsNotWritten() {
    SlicePlan.Desired desired =
        plan(replicas(replica("1", true, false)), List.of(), "1").getFirst();
    EndpointSlice live =
        new EndpointSlice(
            Meta.named("ns", desired.name()), "IPv4", desired.endpoints(), desired.ports());

    assertThat(SlicePlan.same(live, desired)).isTrue();
    assertThat(
            SlicePlan.same(
                new EndpointSlice(live.metadata(), "IPv4", List.of(), live.ports()), desired))
        .isFalse();
  }
}
