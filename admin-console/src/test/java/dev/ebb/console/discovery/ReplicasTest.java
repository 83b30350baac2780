package dev.ebb.console.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import de.codecentric.boot.admin.server.domain.values.Registration;
import dev.ebb.runtime.config.RuntimeAutoConfiguration;
import dev.ebb.runtime.model.EndpointSlice;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReplicasTest {

  private static EndpointSlice slice(String name, String type, String port, String... endpoints) {
    return RuntimeAutoConfiguration.kubernetesJson()
        .readValue(
            """
            {"metadata": {"name": "%s", "namespace": "ebb-system", "labels": {
              "kubernetes.io/service-name": "ebb-autoscaler",
              "app.kubernetes.io/name": "autoscaler", "app.kubernetes.io/version": "1.2.3"}},
             "addressType": "%s", "ports": [{"name": "%s", "port": 8081}],
             "endpoints": [%s]}
            """
                .formatted(name, type, port, String.join(",", endpoints)),
            EndpointSlice.class);
  }

  private static String endpoint(String pod, String address, String conditions) {
    return """
    {"addresses": ["%s"], "conditions": {%s}, "targetRef": {"kind": "Pod", "name": "%s"}}
    """
        .formatted(address, conditions, pod);
  }

  private static SequencedMap<String, Registration> of(EndpointSlice... slices) {
    return Replicas.of(List.of(slices));
  }

  @Test
  void registersAReplicaByItsPodWithTheUrlsOfItsActuator() {
    SequencedMap<String, Registration> replicas =
        of(slice("a", "IPv4", "admin", endpoint("a-1", "10.0.0.1", "\"ready\": true")));

    assertThat(replicas).containsOnlyKeys("a-1");
    Registration replica = replicas.get("a-1");
    assertThat(replica.getName()).isEqualTo("autoscaler");
    assertThat(replica.getManagementUrl()).isEqualTo("https://10.0.0.1:8081/actuator");
    assertThat(replica.getHealthUrl()).isEqualTo("https://10.0.0.1:8081/actuator/health");
    assertThat(replica.getMetadata())
        .containsEntry("pod", "a-1")
        .containsEntry("namespace", "ebb-system")
        .containsEntry("version", "1.2.3")
        .containsEntry("hide-url", "true");
    assertThat(Discovery.ids().generateId(replica).getValue()).isEqualTo("a-1");
  }

  @Test
  void showsAReplicaThatIsNotReady() {
    assertThat(of(slice("a", "IPv4", "admin", endpoint("a-1", "10.0.0.1", "\"ready\": false"))))
        .containsOnlyKeys("a-1");
  }

  @Test
  void forgetsAReplicaOnItsWayOut() {
    String leaving = endpoint("a-1", "10.0.0.1", "\"ready\": false, \"terminating\": true");

    assertThat(of(slice("a", "IPv4", "admin", leaving))).isEmpty();
  }

  @Test
  void leavesServicesWithoutAnAdminPortAlone() {
    assertThat(of(slice("a", "IPv4", "http", endpoint("a-1", "10.0.0.1", "")))).isEmpty();
  }

  @Test
  void takesAReplicaWithAddressesOfTwoFamiliesForOne() {
    EndpointSlice six = slice("a", "IPv6", "admin", endpoint("a-1", "fd00::1", ""));
    EndpointSlice four = slice("b", "IPv4", "admin", endpoint("a-1", "10.0.0.1", ""));

    assertThat(of(six, four).values())
        .singleElement()
        .extracting(Registration::getManagementUrl)
        .isEqualTo("https://10.0.0.1:8081/actuator");
    assertThat(of(six).values())
        .singleElement()
        .extracting(Registration::getManagementUrl)
        .isEqualTo("https://[fd00::1]:8081/actuator");
  }

  @Test
  void isTheSameWhateverTheOrderOfTheSlices() {
    List<EndpointSlice> slices =
        Stream.of("a", "b", "c")
            .map(n -> slice(n, "IPv4", "admin", endpoint(n, "10.0.0." + n.hashCode(), "")))
            .toList();

    assertThat(Replicas.of(slices.reversed())).isEqualTo(Replicas.of(slices));
  }
}
