package dev.ebb.nodescaler.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.runtime.config.RuntimeAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** What a pod takes of its node, read from what the API writes. */
class ServerPodTest {

  private static final JsonMapper JSON = RuntimeAutoConfiguration.kubernetesJson();

  private static ServerPod pod(String spec) {
    return JSON.readValue(
        "{'metadata': {'name': 'p'}, 'spec': %s}".formatted(spec).replace('\'', '"'),
        ServerPod.class);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "containers are summed | 'containers': [{'resources': {'requests': {'cpu': '100m'}}},"
            + " {'resources': {'requests': {'cpu': 1}}}, {}] | 1100",
        "a limit alone is a request | 'containers': [{'resources': {'limits': {'cpu': '2'}}}]"
            + " | 2000",
        "a hungry init container counts | 'containers': [{'resources': {'requests': {'cpu':"
            + " '100m'}}}], 'initContainers': [{'resources': {'requests': {'cpu': '900m'}}},"
            + " {'resources': {'requests': {'cpu': '300m'}}}] | 900",
        "a sidecar is added | 'containers': [{'resources': {'requests': {'cpu': '500m'}}}],"
            + " 'initContainers': [{'restartPolicy': 'Always', 'resources': {'requests': {'cpu':"
            + " '200m'}}}, {'resources': {'requests': {'cpu': '400m'}}}] | 700",
        "a sidecar that runs already is added to an init container | 'containers': [{}],"
            + " 'initContainers': [{'restartPolicy': 'Always', 'resources': {'requests': {'cpu':"
            + " '200m'}}}, {'resources': {'requests': {'cpu': '400m'}}}] | 600",
        "the runtime's overhead is added | 'overhead': {'cpu': '50m'}, 'containers':"
            + " [{'resources': {'requests': {'cpu': '100m'}}}] | 150",
        "the pod's own request holds | 'resources': {'requests': {'cpu': '300m'}}, 'containers':"
            + " [{'resources': {'requests': {'cpu': '100m'}}}] | 300",
        "what is no quantity counts as nothing | 'containers': [{'resources': {'requests': {'cpu':"
            + " 'much'}}}] | 0"
      })
  void requests(String name, String spec, long cpu) {
    assertThat(pod("{" + spec + "}").spec().requests().amount(Resources.CPU)).isEqualTo(cpu);
  }

  @Test
  void saysWhereAPodIsAndWhatHoldsItBack() {
    assertThat(pod("{'nodeName': 'n'}").spec().nodeName()).isEqualTo("n");
    assertThat(pod("{'schedulingGates': [{'name': 'g'}]}").spec().gated()).isTrue();
    assertThat(pod("{}").spec().gated()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "2Gi, 2147483648000",
    "1e3, 1000000",
    "1.5, 1500",
    "100n, 1",
    "9E, 9223372036854775807"
  })
  void readsQuantities(String text, long thousandths) {
    assertThat(Resources.parse(text)).hasValue(thousandths);
  }

  @ParameterizedTest
  @CsvSource({"''", "x", "1Gb", "--1"})
  void rejectsOthers(String text) {
    assertThat(Resources.parse(text)).isEmpty();
  }
}
