package dev.ebb.nodescaler.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.nodescaler.api.NodeBuffer;
import dev.ebb.nodescaler.api.PodTemplate;
import dev.ebb.nodescaler.api.Resources;
import dev.ebb.nodescaler.plan.Belonging.Toleration;
import dev.ebb.runtime.config.RuntimeAutoConfiguration;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** What a NodeBuffer means, and what is wrong with one that the API server let in once. */
class BufferReaderTest {

  private static final JsonMapper JSON = RuntimeAutoConfiguration.kubernetesJson();

  /** A buffer that makes sense; what is given goes over what is there. */
  private static Buffer read(String more, @Nullable PodTemplate template) {
    String text =
        """
        {'metadata': {'name': 'arena', 'namespace': 'games', 'uid': 'u'},
         'spec': {'pool': {'provider': 'digitalocean', 'nodeSelector': 'role=games', 'maxNodes': 9},
           'servers': {'selector': 'app=arena'}, 'slot': {'resources': {'cpu': '500m'}},
           'free': {'slots': 4}%s}}
        """
            .formatted(more.isEmpty() ? "" : ", " + more);
    return Buffer.of(JSON.readValue(text.replace('\'', '"'), NodeBuffer.class), template);
  }

  private static PodTemplate template() {
    return JSON.readValue(
        """
        {"metadata": {"name": "arena"}, "template": {"spec": {
          "initContainers": [{"resources": {"requests": {"cpu": "2"}}}],
          "containers": [{"resources": {"requests": {"cpu": "1"}, "limits": {"memory": "1Gi"}}}],
          "tolerations": [{"key": "games", "operator": "Exists"}]}}}
        """,
        PodTemplate.class);
  }

  @Test
  void whatIsNotSaidIsFilledIn() {
    Buffer buffer = read("", null);

    assertThat(buffer.findings()).isEmpty();
    assertThat(buffer.invalid()).isFalse();
    assertThat(buffer.rules())
        .isEqualTo(
            new Rules(
                Resources.of(Resources.CPU, 500),
                4,
                0,
                java.util.List.of(),
                0,
                9,
                null,
                Rules.Timing.DEFAULT,
                Rules.Shrinking.DEFAULT));
    assertThat(buffer.belonging().nodes().test(Map.of("role", "games"))).isTrue();
    assertThat(buffer.belonging().servers().test(Map.of("app", "web"))).isFalse();
    assertThat(buffer.belonging().keeps(Map.of("app", "arena"))).isTrue();
    assertThat(buffer.belonging().kubescaler()).isFalse();
  }

  @Test
  void everythingThatIsSaidCounts() {
    Buffer buffer =
        read(
            """
            'servers': {'selector': 'app=arena', 'protectedSelector': 'state=playing',
              'tolerations': [{'key': 'a', 'value': 'b'}]},
            'slot': {'podTemplate': 'arena'},
            'free': {'percent': 25, 'reservations': [
              {'name': 'cup', 'slots': 50, 'at': '2026-12-24T20:00:00+01:00', 'for': '2h'}]},
            'scaleDown': {'policy': 'Never', 'unneededFor': '1m', 'delayAfterAdd': '2m',
              'hysteresisNodes': 3, 'atOnce': 4, 'percentAtOnce': 5, 'otherPods': 'Drain'},
            'timing': {'nodeStartup': '1m', 'unreadyGrace': '2m', 'provisioning': '3m',
              'backoff': '4m', 'longestBackoff': '5m', 'backoffReset': '6m', 'lead': '7m'}
            """,
            template());

    assertThat(buffer.findings()).isEmpty();
    Rules rules = buffer.rules();
    assertThat(rules.slot().quantities()).containsEntry("cpu", "2").containsKey("memory");
    assertThat(rules.percent()).isEqualTo(25);
    Instant at = Instant.parse("2026-12-24T19:00:00Z");
    assertThat(rules.reservations())
        .containsExactly(new Rules.Reservation("cup", 50, at, at.plus(Duration.ofHours(2))));
    assertThat(rules.shrinking())
        .isEqualTo(
            new Rules.Shrinking(
                false,
                Duration.ofMinutes(1),
                Duration.ofMinutes(2),
                3,
                Duration.ofSeconds(5),
                4,
                5,
                true));
    assertThat(rules.timing().lead()).isEqualTo(Duration.ofMinutes(7));
    assertThat(rules.timing().nodeStartup()).isEqualTo(Duration.ofMinutes(1));
    assertThat(buffer.belonging().tolerations())
        .containsExactly(
            new Toleration("a", "Equal", "b", ""), new Toleration("games", "Exists", "", ""));
    assertThat(buffer.belonging().keeps(Map.of("app", "arena"))).isFalse();
    assertThat(buffer.belonging().keeps(Map.of("app", "arena", "state", "playing"))).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'pool': {'nodeSelector': 'a=b', 'maxNodes': 1} | spec.pool.provider: is required",
        "'pool': {'provider': 'x', 'maxNodes': 1} | spec.pool.nodeSelector: it would take every node",
        "'pool': {'provider': 'x', 'nodeSelector': 'a in (', 'maxNodes': 1} | is no label selector",
        "'pool': {'provider': 'x', 'nodeSelector': 'a=b'} | spec.pool.maxNodes: is required",
        "'pool': {'provider': 'x', 'nodeSelector': 'a=b', 'minNodes': 3, 'maxNodes': 2} | 2 is less",
        "'pool': {'provider': 'x', 'nodeSelector': 'a=b', 'maxNodes': 2, 'template': {'cpu': 'x'}}"
            + " | spec.pool.template.cpu: ",
        "'servers': {} | spec.servers.selector: it would take every pod",
        "'servers': {'selector': 'a=b', 'protectedSelector': ','} | spec.servers.protectedSelector",
        "'slot': {} | spec.slot: what one server takes",
        "'slot': {'podTemplate': 'x'} | there is no PodTemplate x in namespace games",
        "'slot': {'resources': {'cpu': '0'}} | spec.slot: takes nothing",
        "'slot': {'resources': {'cpu': '-1'}} | is no quantity; write 500m or 2Gi",
        "'free': {} | spec.free: says nothing",
        "'free': {'slots': -1} | slots are not negative",
        "'free': {'reservations': [{'name': 'a', 'slots': 0, 'at': 'x', 'for': 'y'}]}"
            + " | spec.free.reservations[a].at: ",
        "'timing': {'backoff': 'soon'} | spec.timing.backoff: ",
        "'scaleDown': {'unneededFor': 'soon'} | spec.scaleDown.unneededFor: ",
        "'mode': 'Now' | spec.mode: its value makes no sense"
      })
  void whatMakesNoSenseIsNamedAndNothingIsDone(String more, String finding) {
    Buffer buffer = read(more, null);

    assertThat(buffer.invalid()).isTrue();
    assertThat(buffer.rules()).isNull();
    assertThat(buffer.findings()).extracting(Finding::text).anyMatch(f -> f.contains(finding));
  }

  @Test
  void anEmptyObjectIsAListOfFindings() {
    Buffer buffer =
        Buffer.of(
            JSON.readValue(
                "{\"metadata\": {\"name\": \"a\", \"namespace\": \"b\"}}", NodeBuffer.class),
            null);

    assertThat(buffer.findings()).hasSizeGreaterThan(4);
  }
}
