package dev.ebb.selector.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.selector.api.Strategy;
import dev.ebb.selector.plan.Assigner.Rule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Tables of the strategies. */
class AssignerTest {

  static final Rule STICKY = Rule.of(Strategy.Sticky);

  static List<Host> pods(String... names) {
    return Stream.of(names).map(Host::named).toList();
  }

  static List<Host> pods(int count) {
    return IntStream.range(0, count).mapToObj(i -> Host.named("p-" + i)).toList();
  }

  static List<Bucket> services(int count) {
    return IntStream.range(0, count).mapToObj(i -> Bucket.named("svc-" + i, null)).toList();
  }

  static List<Bucket> services(String... names) {
    return Stream.of(names).map(name -> Bucket.named(name, null)).toList();
  }

  static List<Bucket> at(List<Bucket> buckets, Map<String, String> map) {
    return buckets.stream().map(b -> b.at(map.get(b.name()))).toList();
  }

  static long moves(Map<String, String> from, Map<String, String> to) {
    return to.entrySet().stream().filter(e -> !e.getValue().equals(from.get(e.getKey()))).count();
  }

  /** Most minus fewest Services of a pod. */
  static int imbalance(Map<String, String> map, List<Host> pods) {
    Map<String, Integer> counts = new TreeMap<>();
    pods.forEach(pod -> counts.put(pod.name(), 0));
    map.values().forEach(pod -> counts.merge(pod, 1, Integer::sum));
    return Collections.max(counts.values()) - Collections.min(counts.values());
  }

  @Test
  void moduloIsTheOldMapping() {
    List<Bucket> services = services("svc-0", "svc-1", "svc-10", "svc-2", "svc-9");
    Rule modulo = Rule.of(Strategy.Modulo);

    // T-A1: text order, so svc-10 is the third.
    assertThat(Assigner.assign(modulo, services, pods(4)))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "svc-0", "p-0", "svc-1", "p-1", "svc-10", "p-2", "svc-2", "p-3", "svc-9", "p-0"));
    // T-A2: without p-1.
    assertThat(Assigner.assign(modulo, services, pods("p-0", "p-2", "p-3")))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "svc-0", "p-0", "svc-1", "p-2", "svc-10", "p-3", "svc-2", "p-0", "svc-9", "p-2"));
    // p-10 comes before p-2 there.
    assertThat(Assigner.assign(modulo, services("svc-0", "svc-1"), pods("p-2", "p-10")))
        .containsEntry("svc-0", "p-10")
        .containsEntry("svc-1", "p-2");
  }

  /** T-A8, and the column "modulo" of the same table. */
  @ParameterizedTest
  @CsvSource({
    "6,3,4,1,3",
    "6,4,3,1,3",
    "6,5,6,1,1",
    "6,6,5,1,1",
    "8,3,4,2,5",
    "8,4,3,2,5",
    "8,5,6,1,3",
    "8,6,5,1,3",
    "12,3,4,3,9",
    "12,5,6,2,7",
    "32,3,4,8,23",
    "32,5,6,5,25",
    "64,8,9,7,56",
    "64,9,8,7,56",
    "64,10,11,5,62",
    "64,4,8,32,32",
  })
  void stickyMovesTheMinimum(int count, int from, int to, int sticky, int modulo) {
    List<Bucket> services = services(count);
    Map<String, String> before = Assigner.assign(STICKY, services, pods(from));
    Map<String, String> after = Assigner.assign(STICKY, at(services, before), pods(to));

    assertThat(moves(before, after)).isEqualTo(sticky);
    assertThat(imbalance(after, pods(to))).isLessThanOrEqualTo(1);
    Rule old = Rule.of(Strategy.Modulo);
    assertThat(
            moves(
                Assigner.assign(old, services, pods(from)),
                Assigner.assign(old, services, pods(to))))
        .isEqualTo(modulo);
  }

  @Test
  void aPodThatBlipsLosesOnlyItsOwnAndGetsThemBack() {
    List<Host> pods = pods(6);
    Map<String, String> before = Assigner.assign(STICKY, services(8), pods);
    for (Host away : pods) {
      List<Host> rest = pods.stream().filter(p -> !p.equals(away)).toList();
      Map<String, String> during = Assigner.assign(STICKY, at(services(8), before), rest);
      long own = before.values().stream().filter(away.name()::equals).count();
      assertThat(moves(before, during)).isEqualTo(own);

      List<Bucket> displaced =
          at(services(8), during).stream()
              .map(b -> away.name().equals(before.get(b.name())) ? b.withHome(away.name()) : b)
              .toList();
      assertThat(Assigner.assign(STICKY, displaced, pods)).isEqualTo(before);
    }
  }

  @Test
  void whoFindsNoRoomAtHomeStaysWhereItIs() {
    List<Bucket> services =
        List.of(
            Bucket.named("svc-0", "p-0"),
            Bucket.named("svc-1", "p-0"),
            Bucket.named("svc-2", "p-1").withHome("p-0"),
            Bucket.named("svc-3", "p-1"));

    assertThat(Assigner.assign(STICKY, services, pods(2)))
        .containsEntry("svc-2", "p-1")
        .containsEntry("svc-0", "p-0")
        .containsEntry("svc-1", "p-0");
  }

  @Test
  void servicesAndPodsComeInTheOrderOfTheirNumbers() {
    // T-A10
    List<String> names = new ArrayList<>(IntStream.range(0, 12).mapToObj(i -> "svc-" + i).toList());
    Collections.shuffle(names, new Random(1));

    List<Bucket> sorted =
        names.stream().map(n -> Bucket.named(n, null)).sorted(Bucket.ORDER).toList();

    assertThat(sorted)
        .extracting(Bucket::number)
        .containsExactly(IntStream.range(0, 12).boxed().toArray(Integer[]::new));
    assertThat(pods("p-10", "p-2", "other").stream().sorted(Host.ORDER).map(Host::name))
        .containsExactly("p-2", "p-10", "other");
    assertThat(Natural.number("svc-metrics")).isEqualTo(-1);
    assertThat(Natural.number("svc-12345678901")).isEqualTo(-1);
  }

  @Test
  void ordinalFollowsTheNumbersAndMovesOnlyServicesWhosePodIsAway() {
    Rule rule = new Rule(Strategy.Ordinal, 125, 5, 3);
    List<Host> pods = pods("p-5", "p-6", "p-7");
    Map<String, String> map = Assigner.assign(rule, services(6), pods);

    assertThat(map).containsEntry("svc-0", "p-5").containsEntry("svc-4", "p-6");
    Map<String, String> without = Assigner.assign(rule, services(6), pods("p-5", "p-7"));
    assertThat(moves(map, without)).isEqualTo(2);
    assertThat(without.values()).doesNotContain("p-6");
  }

  @Test
  void aPodTakesItsWeight() {
    List<Host> pods = List.of(new Host("p-0", 0, 3), new Host("p-1", 1, 1));

    assertThat(Assigner.assign(STICKY, services(8), pods).values())
        .filteredOn("p-0"::equals)
        .hasSize(6);
    assertThat(Assigner.assign(Rule.of(Strategy.Rendezvous), services(4000), pods).values())
        .filteredOn("p-0"::equals)
        .hasSizeBetween(2900, 3100);
  }

  @Test
  void boundedLoadKeepsAPodBelowItsLimit() {
    List<Bucket> services = new ArrayList<>(services(20));
    services.add(new Bucket("svc-hot", -1, 10, null, null));
    Rule rule = new Rule(Strategy.BoundedLoad, 110, 0, 0);

    Map<String, String> map = Assigner.assign(rule, services, pods(3));

    Map<String, Integer> load = new TreeMap<>();
    services.forEach(s -> load.merge(String.valueOf(map.get(s.name())), s.weight(), Integer::sum));
    assertThat(load.values()).allMatch(l -> l <= 11);
    // One that is heavier than all room is still somewhere.
    assertThat(Assigner.assign(rule, List.of(new Bucket("svc-0", 0, 9, null, null)), pods(3)))
        .hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(Strategy.class)
  void theOrderOfWhatItIsGivenDoesNotMatter(Strategy strategy) {
    List<Bucket> services = new ArrayList<>(services(23));
    List<Host> pods = new ArrayList<>(pods(5));
    Map<String, String> map = Assigner.assign(Rule.of(strategy), services, pods);
    Collections.shuffle(services, new Random(3));
    Collections.shuffle(pods, new Random(4));

    assertThat(Assigner.assign(Rule.of(strategy), services, pods)).isEqualTo(map);
    assertThat(map).hasSize(23);
    assertThat(Assigner.assign(Rule.of(strategy), services, List.of())).isEmpty();
    // A second pass changes nothing.
    assertThat(Assigner.assign(Rule.of(strategy), at(services, map), pods)).isEqualTo(map);
  }
}
