package dev.ebb.selector.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.runtime.config.RuntimeAutoConfiguration;
import dev.ebb.runtime.model.EndpointSlice;
import dev.ebb.runtime.model.Pod;
import dev.ebb.runtime.model.Service;
import dev.ebb.runtime.model.Workload;
import dev.ebb.selector.api.Marks;
import dev.ebb.selector.api.ServicePool;
import dev.ebb.selector.plan.Change.Cause;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** What is decided about one pool, of objects as they come from the API server. */
class PlannerTest {

  private static final JsonMapper JSON = RuntimeAutoConfiguration.kubernetesJson();
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private final List<Service> services = new ArrayList<>();
  private final List<Pod> pods = new ArrayList<>();
  private final List<EndpointSlice> slices = new ArrayList<>();
  private final List<EndpointSlice> published = new ArrayList<>();
  private String spec = "";
  private String notes = "";
  private int replicas = 9;

  private static <T> T read(String text, Class<T> type) {
    return JSON.readValue(text.replace('\'', '"'), type);
  }

  /** A pod of the set; {@code more} goes into its metadata. */
  private void pod(int ordinal, boolean ready, Instant since, String more) {
    pods.add(
        read(
            """
            {'metadata': {'name': 'set-%1$d', 'namespace': 'ns', 'uid': 'p%1$d',
               'labels': {'statefulset.kubernetes.io/pod-name': 'set-%1$d'} %4$s,
               'ownerReferences': [{'kind': 'StatefulSet', 'name': 'set', 'uid': 's',
                 'controller': true}]},
             'spec': {'nodeName': 'node', 'containers': [{'name': 'c',
               'ports': [{'name': 'http', 'containerPort': 8080}]}]},
             'status': {'phase': 'Running', 'podIPs': [{'ip': '10.0.0.%1$d'}],
               'conditions': [{'type': 'Ready', 'status': '%2$s', 'lastTransitionTime': '%3$s'}]}}
            """
                .formatted(ordinal, ready ? "True" : "False", since, more),
            Pod.class));
  }

  private void pods(int count) {
    for (int i = 0; i < count; i++) {
      pod(i, true, NOW.minusSeconds(3600), "");
    }
  }

  /** A Service that is on a pod since some seconds; {@code more} goes into its annotations. */
  private void service(int number, String pod, long seconds, String more) {
    services.add(
        read(
            """
            {'metadata': {'name': 'svc-%1$d', 'namespace': 'ns', 'uid': 'v%1$d',
               'annotations': {'ebb.dev/service-pool': 'pool', 'ebb.dev/assigned-pod': '%2$s',
                 'ebb.dev/assigned-at': '%3$s' %4$s}},
             'spec': {'clusterIP': '10.1.0.%1$d', 'ports': [{'port': 80, 'targetPort': 'http'}],
               'selector': {'statefulset.kubernetes.io/pod-name': '%2$s'}}}
            """
                .formatted(number, pod, NOW.minusSeconds(seconds), more),
            Service.class));
  }

  private void withoutSelector(int number, String annotations) {
    services.add(
        read(
            """
            {'metadata': {'name': 'svc-%1$d', 'namespace': 'ns', 'uid': 'v%1$d',
               'annotations': {%2$s}},
             'spec': {'clusterIP': '10.1.0.%1$d', 'ipFamilies': ['IPv4'],
               'ports': [{'name': 'web', 'port': 80, 'targetPort': 'http'}]}}
            """
                .formatted(number, annotations),
            Service.class));
  }

  private Plan plan() {
    ServicePool object =
        read(
            """
            {'metadata': {'name': 'pool', 'namespace': 'ns', 'uid': 'u', 'annotations': {%s}},
             'spec': {'pods': {'statefulSet': 'set'}, 'services': {'prefix': 'svc-'} %s}}
            """
                .formatted(notes, spec),
            ServicePool.class);
    Workload set =
        read(
            "{'metadata': {'name': 'set', 'namespace': 'ns', 'uid': 's'}, 'spec': {'replicas': %d, 'serviceName': 'set'}}"
                .formatted(replicas),
            Workload.class);
    Pool pool = Pool.of(object);
    return Planner.plan(
        new Observed(
            pool,
            List.of(pool),
            services,
            pods,
            slices,
            published,
            List.of(set),
            Optional.empty(),
            Map.of(),
            NOW));
  }

  @ParameterizedTest(name = "{0} s after its last move, with a delay of {1}: {2} now, {3} later")
  @CsvSource({"10, 0s, 2, 0", "10, 1m, 0, 2", "59, 1m, 0, 2", "60, 1m, 2, 0", "61, 1m, 2, 0"})
  void whatMovedAMomentAgoStaysForAWhile(long seconds, String delay, int now, int later) {
    spec = ", 'releaseDelay': '" + delay + "'";
    pods(2);
    for (int i = 0; i < 4; i++) {
      service(i, "set-0", seconds, "");
    }
    Plan plan = plan();

    assertThat(plan.moves()).isEqualTo(now);
    assertThat(plan.deferred()).isEqualTo(later);
    Instant end = NOW.minusSeconds(seconds).plus(Duration.ofMinutes(1));
    assertThat(plan.lookAgain()).isEqualTo(later == 0 ? null : end);
  }

  @Test
  void whatHasToMoveDoesNotStay() {
    spec = ", 'releaseDelay': '1h', 'maxMovesPerMinute': 1";
    pod(0, false, NOW, "");
    pod(1, true, NOW.minusSeconds(60), "");
    service(0, "set-0", 1, "");
    service(1, "set-0", 1, "");

    assertThat(plan().changes()).extracting(Change::cause).containsOnly(Cause.UNREADY).hasSize(2);
  }

  @ParameterizedTest(name = "{0} moves a minute, {1} s after {2} others: {3}")
  @CsvSource({"2, 10, 1, 1", "2, 10, 2, 0", "2, 61, 2, 2", "5, 10, 2, 2"})
  void soManyMoveInAMinuteWithoutNeed(int most, long seconds, int moved, int now) {
    spec = ", 'maxMovesPerMinute': " + most;
    pods(2);
    for (int i = 0; i < 4; i++) {
      service(i, "set-0", i < moved ? seconds : 3600, "");
    }

    assertThat(plan().moves()).isEqualTo(now);
    assertThat(plan().deferred()).isEqualTo(2 - now);
  }

  @ParameterizedTest(name = "weights {0} and {1}: {2} and {3} of 9 Services")
  @CsvSource({"1, 1, 5, 4", "2, 1, 6, 3", "8, 1, 8, 1", "none, 1, 5, 4"})
  void aPodTakesAsMuchAsItsWeightSays(String first, String second, int more, int less) {
    pod(0, true, NOW.minusSeconds(60), ", 'annotations': {'ebb.dev/weight': '" + first + "'}");
    pod(1, true, NOW.minusSeconds(60), ", 'annotations': {'ebb.dev/weight': '" + second + "'}");
    for (int i = 0; i < 9; i++) {
      service(i, "gone-0", 3600, "");
    }
    Map<String, Integer> counts = new TreeMap<>();
    plan().target().values().forEach(pod -> counts.merge(pod, 1, Integer::sum));

    assertThat(counts).isEqualTo(Map.of("set-0", more, "set-1", less));
  }

  @ParameterizedTest(name = "of {0} replicas: home is {1}")
  @CsvSource({"9, set-2", "2, set-1"})
  void homeIsTheFirstPodThatComesBack(int wanted, String home) {
    // It left set-2 a minute ago, and now has to leave set-1.
    replicas = wanted;
    pod(0, true, NOW.minusSeconds(3600), "");
    pod(1, false, NOW, "");
    service(0, "set-1", 60, ", 'ebb.dev/home-pod': 'set-2 " + NOW.minusSeconds(60) + "'");

    assertThat(plan().changes()).hasSize(1).allMatch(c -> c.home().startsWith(home + " "));
  }

  @Test
  void aHeavyServiceCountsAsMany() {
    spec = ", 'strategy': 'BoundedLoad', 'loadFactorPercent': 100";
    pods(2);
    service(0, "gone-0", 3600, ", 'ebb.dev/weight': '4'");
    for (int i = 1; i <= 4; i++) {
      service(i, "gone-0", 3600, "");
    }
    Map<String, String> map = plan().target();

    assertThat(map.values()).filteredOn(map.get("svc-0")::equals).hasSize(1);
  }

  @Test
  void aPauseEndsByItself() {
    spec = ", 'mode': 'Paused'";
    notes = "'ebb.dev/paused-until': '%s'".formatted(NOW.plusSeconds(60));
    assertThat(plan().resume()).isFalse();
    assertThat(plan().lookAgain()).isEqualTo(NOW.plusSeconds(60));

    notes = "'ebb.dev/paused-until': '%s'".formatted(NOW);
    assertThat(plan().resume()).isTrue();

    // What stood there once is no pause of a pool that is not paused.
    spec = "";
    assertThat(plan().resume()).isFalse();
  }

  private void slice(String address, boolean ready) {
    slices.add(
        read(
            """
            {'metadata': {'name': 'svc-0-ebb-ipv4', 'namespace': 'ns', 'uid': 'e',
               'labels': {'kubernetes.io/service-name': 'svc-0', 'ebb.dev/service-pool': 'pool'}},
             'addressType': 'IPv4',
             'endpoints': [{'addresses': ['%s'], 'nodeName': 'node',
               'conditions': {'ready': %2$s, 'serving': %2$s, 'terminating': false},
               'targetRef': {'kind': 'Pod', 'name': 'set-0', 'namespace': 'ns', 'uid': 'p0'}}],
             'ports': [{'name': 'web', 'port': 8080, 'protocol': 'TCP'}]}
            """
                .formatted(address, ready),
            EndpointSlice.class));
  }

  /** The StatefulSet's own Service, and what Kubernetes publishes of its second pod. */
  private void governing(String uid, boolean serving) {
    services.add(
        read(
            """
            {'metadata': {'name': 'set', 'namespace': 'ns', 'uid': 'h'},
             'spec': {'clusterIP': 'None',
               'selector': {'statefulset.kubernetes.io/pod-name': 'set-1'}}}
            """,
            Service.class));
    published.add(
        read(
            """
            {'metadata': {'name': 'set-x', 'namespace': 'ns', 'uid': 'x',
               'labels': {'kubernetes.io/service-name': 'set'}},
             'addressType': 'IPv4',
             'endpoints': [{'addresses': ['10.0.0.1'],
               'conditions': {'ready': true, 'serving': %s, 'terminating': false},
               'targetRef': {'kind': 'Pod', 'name': 'set-1', 'namespace': 'ns', 'uid': '%s'}}]}
            """
                .formatted(serving, uid),
            EndpointSlice.class));
  }

  @ParameterizedTest(name = "published as {0}, ready {1}: {2} Services move to it")
  @CsvSource({"p1, true, 2", "p1, false, 0", "of-the-pod-before, true, 0"})
  void aReadyPodTakesNothingUntilKubernetesPublishesIt(String uid, boolean serving, int moves) {
    pods(2);
    for (int i = 0; i < 4; i++) {
      service(i, "set-0", 3600, "");
    }
    governing(uid, serving);

    assertThat(plan().moves()).isEqualTo(moves);
  }

  private static String on(String pod) {
    return "'ebb.dev/service-pool': 'pool', 'ebb.dev/assigned-pod': '" + pod + "'";
  }

  @Test
  void aServiceWithoutASelectorGetsASlice() {
    spec = ", 'services': {'prefix': 'svc-', 'via': 'Slice'}";
    pods(1);
    withoutSelector(0, "");
    Plan plan = plan();

    assertThat(plan.changes()).extracting(Change::cause).containsExactly(Cause.FIRST);
    assertThat(plan.slices()).hasSize(1);
    slice("10.0.0.0", true);
    EndpointSlice wanted = plan.slices().getFirst().after();
    assertThat(wanted.endpoints()).isEqualTo(slices.getFirst().endpoints());
    assertThat(wanted.ports()).isEqualTo(slices.getFirst().ports());
    assertThat(wanted.metadata().labels())
        .containsEntry(EndpointSlice.MANAGED_BY_LABEL, Marks.SLICES);
    services.clear();
    withoutSelector(0, on("set-0"));
    assertThat(plan().changes()).isEmpty();
    assertThat(plan().slices()).as("nothing differs").isEmpty();
  }

  @Test
  void aSliceFollowsItsPod() {
    spec = ", 'services': {'prefix': 'svc-', 'via': 'Slice'}";
    pods(1);
    withoutSelector(0, on("set-0"));
    slice("10.0.0.99", true);
    assertThat(plan().slices().getFirst().after().endpoints().getFirst().addresses())
        .as("it has another address")
        .containsExactly("10.0.0.0");

    pods.clear();
    pod(0, false, NOW, "");
    assertThat(plan().slices().getFirst().after().endpoints().getFirst().ready())
        .as("it is not ready, and there is no other")
        .isFalse();

    pods.clear();
    assertThat(plan().slices().getFirst().after().endpoints()).as("it is gone").isEmpty();
  }

  @Test
  void whatHasASelectorIsLeftToKubernetes() {
    spec = ", 'services': {'prefix': 'svc-', 'via': 'Slice'}";
    pods(1);
    service(0, "set-0", 60, "");
    slice("10.0.0.0", true);
    Plan plan = plan();

    assertThat(plan.claims().released()).hasSize(1);
    assertThat(plan.slices()).extracting(SliceStep::after).containsOnlyNulls().hasSize(1);
    services.clear();
    services.add(
        read(
            """
            {'metadata': {'name': 'svc-0', 'namespace': 'ns'},
             'spec': {'ports': [{'port': 80}], 'selector': {'app': 'set'}}}
            """,
            Service.class));
    assertThat(plan().claims().refused())
        .extracting(Claims.Refusal::reason)
        .containsExactly("HasSelector");
  }

  @Test
  void aPoolThatGoesBackToSelectorsTakesItsSlicesAway() {
    pods(1);
    service(0, "set-0", 60, "");
    slice("10.0.0.0", true);

    assertThat(plan().slices()).extracting(SliceStep::after).containsOnlyNulls().hasSize(1);
  }
}
