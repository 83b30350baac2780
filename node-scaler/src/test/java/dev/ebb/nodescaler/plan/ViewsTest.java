package dev.ebb.nodescaler.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.nodescaler.api.Node;
import dev.ebb.nodescaler.api.ServerPod;
import dev.ebb.nodescaler.plan.Belonging.Toleration;
import dev.ebb.nodescaler.plan.NodeView.Readiness;
import dev.ebb.runtime.config.RuntimeAutoConfiguration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** How nodes and pods are read, from what the API writes. */
class ViewsTest {

  private static final JsonMapper JSON = RuntimeAutoConfiguration.kubernetesJson();
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private static Belonging belonging(boolean kubescaler, Toleration... tolerations) {
    return new Belonging(
        "games/arena",
        labels -> "games".equals(labels.get("pool")),
        labels -> "server".equals(labels.get("app")),
        labels -> "allocated".equals(labels.get("state")),
        labels -> false,
        List.of(tolerations),
        kubescaler);
  }

  private static Node node(String annotations, String spec, String conditions) {
    return JSON.readValue(
        """
        {'metadata': {'name': 'n', 'labels': {'pool': 'games'},
          'creationTimestamp': '2026-03-01T11:00:00Z', 'annotations': {%s}},
         'spec': {%s}, 'status': {'allocatable': {'cpu': '940m', 'pods': 110},
         'conditions': [%s]}}
        """
            .formatted(annotations, spec, conditions)
            .replace('\'', '"'),
        Node.class);
  }

  private static Node node(String annotations, String spec) {
    return node(
        annotations,
        spec,
        "{'type': 'Ready', 'status': 'True', 'lastTransitionTime': '2026-03-01T11:01:00Z'}");
  }

  private static ServerPod pod(String labels, String more) {
    return JSON.readValue(
        "{'metadata': {'name': 'p', 'namespace': 'x', 'labels': {%s} %s"
            .formatted(labels, more)
            .replace('\'', '"'),
        ServerPod.class);
  }

  private static NodeView view(Belonging belonging, Node node) {
    return Views.of(belonging, List.of(node), List.of(), Set.of(), NOW).nodes().getFirst();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "nobody keeps servers away | | ``",
        "somebody's cordon | 'unschedulable': true | it is cordoned",
        "a foreign taint | 'taints': [{'key': 'gpu', 'effect': 'NoSchedule'}] | taint gpu",
        "a taint that only asks | 'taints': [{'key': 'gpu', 'effect': 'PreferNoSchedule'}] | ``",
        "one that servers do not mind | 'taints': [{'key': 'game', 'value': 'yes', 'effect':"
            + " 'NoExecute'}] | ``",
        "the same with another value | 'taints': [{'key': 'game', 'value': 'no', 'effect':"
            + " 'NoExecute'}] | taint game",
        "what readiness says anyway | 'taints': [{'key': 'node.kubernetes.io/not-ready', 'effect':"
            + " 'NoSchedule'}] | ``",
        "a taint of Ebb that nobody owns | 'taints': [{'key': 'ebb.dev/draining', 'effect':"
            + " 'NoSchedule'}] | taint ebb.dev/draining"
      })
  void whatKeepsServersAway(String name, String spec, String repels) {
    NodeView view =
        view(
            belonging(true, new Toleration("game", "Equal", "yes", "")),
            node("", spec == null ? "" : spec));

    assertThat(view.repels()).isEqualTo(repels.isEmpty() ? null : repels);
    assertThat(view.mark()).isNull();
  }

  @Test
  void itsOwnTaintKeepsItsTime() {
    String annotations =
        "'ebb.dev/node-buffer': 'games/arena', 'ebb.dev/draining-since': '2026-03-01T11:50:00Z'";
    String taint = "'taints': [{'key': 'ebb.dev/draining', 'effect': 'NoSchedule'}]";

    assertThat(view(belonging(false), node(annotations, taint)).mark())
        .isEqualTo(Instant.parse("2026-03-01T11:50:00Z"));
    assertThat(view(belonging(false), node(annotations, taint)).repels()).isNull();
    assertThat(
            view(belonging(false), node(annotations, taint + ", 'unschedulable': true")).repels())
        .isEqualTo("it is cordoned");
  }

  @ParameterizedTest
  @CsvSource({"''", "yesterday", "2026-03-01T13:00:00Z"})
  void aTimeThatMakesNoSenseNeverEndsTooEarly(String since) {
    Node node =
        node(
            "'ebb.dev/node-buffer': 'games/arena', 'ebb.dev/draining-since': '" + since + "'",
            "'taints': [{'key': 'ebb.dev/draining', 'effect': 'NoSchedule'}]");

    assertThat(view(belonging(false), node).mark()).isEqualTo(NOW);
  }

  @Test
  void kubescalersCordonIsItsOwnOnlyWhereKubescalerWas() {
    Node node =
        node("'kubescaler/timestamp': '2026-03-01T11:50:00.123456789Z'", "'unschedulable': true");

    assertThat(view(belonging(true), node).mark())
        .isEqualTo(Instant.parse("2026-03-01T11:50:00.123456789Z"));
    assertThat(view(belonging(true), node).repels()).isNull();
    assertThat(view(belonging(false), node).mark()).isNull();
    assertThat(view(belonging(false), node).repels()).isEqualTo("it is cordoned");
  }

  @Test
  void aStampWithoutACordonMeansNothing() {
    Node node = node("'kubescaler/timestamp': '2026-03-01T11:50:00Z'", "");

    assertThat(view(belonging(true), node).mark()).isNull();
    assertThat(view(belonging(true), node).repels()).isNull();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "no condition yet | | STARTING",
        "up | 'status': 'True', 'lastTransitionTime': '2026-03-01T11:02:00Z' | READY",
        "not up since it came | 'status': 'False', 'lastTransitionTime': '2026-03-01T11:00:01Z' |"
            + " STARTING",
        "never heard of | 'status': 'Unknown', 'reason': 'NodeStatusNeverUpdated',"
            + " 'lastTransitionTime': '2026-03-01T11:02:00Z' | STARTING",
        "was up | 'status': 'Unknown', 'lastTransitionTime': '2026-03-01T11:40:00Z' | LOST"
      })
  void whetherANodeIsUp(String name, String condition, Readiness readiness) {
    String conditions = condition == null ? "" : "{'type': 'Ready', " + condition + "}";

    assertThat(view(belonging(false), node("", "", conditions)).readiness()).isEqualTo(readiness);
  }

  @Test
  void readsPodsByTheirLabelsAndOwners() {
    Belonging belonging = belonging(false);

    assertThat(Views.of(belonging, pod("'app': 'server'", "}}"), NOW))
        .extracting(PodView::server, PodView::kept, PodView::ofTheNode)
        .containsExactly(true, false, false);
    assertThat(Views.of(belonging, pod("'app': 'server', 'state': 'allocated'", "}}"), NOW).kept())
        .isTrue();
    assertThat(
            Views.of(
                belonging,
                pod(
                    "'app': 'server'",
                    ", 'ownerReferences': [{'kind': 'DaemonSet', 'controller': true}]}}"),
                NOW))
        .extracting(PodView::server, PodView::ofTheNode)
        .containsExactly(false, true);
    assertThat(
            Views.of(
                    belonging,
                    pod("", ", 'annotations': {'kubernetes.io/config.mirror': 'x'}}}"),
                    NOW)
                .ofTheNode())
        .isTrue();
  }

  @Test
  void waitingServersAreDemandUnlessTheyAreHeldBackOrGo() {
    List<ServerPod> pods =
        List.of(
            pod("'app': 'server'", "}}"),
            pod("'app': 'other'", "}}"),
            pod("'app': 'server'", "}, 'spec': {'schedulingGates': [{'name': 'g'}]}}"),
            pod("'app': 'server'", ", 'deletionTimestamp': '2026-03-01T11:59:00Z'}}"),
            pod("'app': 'server'", "}, 'status': {'phase': 'Failed'}}"));

    assertThat(Views.of(belonging(false), List.of(), pods, Set.of(), NOW).waiting()).hasSize(1);
  }

  @Test
  void aServerThatTerminatesStillTakesItsRoomAndOneThatEndedDoesNot() {
    List<ServerPod> pods =
        List.of(
            pod(
                "'app': 'server'",
                ", 'deletionTimestamp': '2026-03-01T11:59:00Z'}, 'spec': {'nodeName': 'n'}}"),
            pod(
                "'app': 'server'",
                "}, 'spec': {'nodeName': 'n'}, 'status': {'phase': 'Succeeded'}}"));

    assertThat(
            Views.of(belonging(false), List.of(node("", "")), pods, Set.of(), NOW)
                .nodes()
                .getFirst()
                .pods())
        .hasSize(1);
  }
}
