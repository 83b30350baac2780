package dev.ebb.selector.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.testkit.history.Histories;
import dev.ebb.testkit.history.Seeds;
import dev.ebb.testkit.history.Step;
import dev.ebb.testkit.history.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Random histories of pods that come and go and Services that are made and deleted: after each the
 * map is total, balanced, stable, and the fewest possible have moved. What is fewest is told by a
 * formula that knows nothing of quotas, and for small numbers by trying all maps.
 */
class StickyTest {

  /** Some pods and some Services, and who has whom. */
  static final class Pool implements Subject {
    private final TreeSet<String> pods = new TreeSet<>(List.of("p-0"));
    private final TreeSet<String> names = new TreeSet<>();
    private Map<String, String> map = new TreeMap<>();

    List<Host> hosts() {
      return pods.stream().map(Host::named).toList();
    }

    List<Bucket> buckets() {
      return names.stream().map(n -> Bucket.named(n, map.get(n))).toList();
    }

    @Override
    public void check() {
      if (pods.isEmpty()) {
        return;
      }
      Map<String, String> before = map;
      Map<String, String> after = Assigner.assign(AssignerTest.STICKY, buckets(), hosts());
      assertThat(after.keySet()).containsExactlyInAnyOrderElementsOf(names);
      assertThat(pods).containsAll(after.values());
      assertThat(AssignerTest.imbalance(after, hosts())).isLessThanOrEqualTo(1);
      assertThat(AssignerTest.moves(before, after)).isEqualTo(bound(before));
      if (names.size() <= 6 && pods.size() <= 3) {
        assertThat(AssignerTest.moves(before, after)).isEqualTo(tried(before));
      }
      map = after;
      assertThat(Assigner.assign(AssignerTest.STICKY, buckets(), hosts())).isEqualTo(after);
    }

    /** The sum of what each pod's count must at least rise by, with the best choice of the tall. */
    private long bound(Map<String, String> before) {
      List<Long> held = new ArrayList<>();
      for (String pod : pods) {
        held.add(names.stream().filter(name -> pod.equals(before.get(name))).count());
      }
      held.sort(java.util.Comparator.reverseOrder());
      long low = names.size() / pods.size();
      long tall = names.size() % pods.size();
      long kept = 0;
      for (int i = 0; i < held.size(); i++) {
        kept += Math.min(held.get(i), i < tall ? low + 1 : low);
      }
      return names.size() - kept;
    }

    /** The fewest moves of all balanced maps. */
    private long tried(Map<String, String> before) {
      List<String> services = List.copyOf(names);
      List<String> targets = List.copyOf(pods);
      long all = (long) Math.pow(targets.size(), services.size());
      long fewest = Long.MAX_VALUE;
      for (long code = 0; code < all; code++) {
        Map<String, String> candidate = new TreeMap<>();
        long rest = code;
        for (String service : services) {
          candidate.put(service, targets.get((int) (rest % targets.size())));
          rest /= targets.size();
        }
        if (AssignerTest.imbalance(candidate, hosts()) <= 1) {
          fewest = Math.min(fewest, AssignerTest.moves(before, candidate));
        }
      }
      return services.isEmpty() ? 0 : fewest;
    }

    @Override
    public void end() {}

    @Override
    public void close() {}
  }

  private static Step<Pool> step(Random random) {
    int number = random.nextInt(12);
    int few = random.nextInt(3);
    return switch (random.nextInt(6)) {
      case 0, 1 -> new Step<>("pod " + few, p -> toggle(p.pods, "p-" + few));
      case 2 -> new Step<>("pod " + number, p -> toggle(p.pods, "p-" + number));
      case 3 -> new Step<>("service " + number, p -> toggle(p.names, "svc-" + number));
      case 4 -> new Step<>("service " + few, p -> toggle(p.names, "svc-" + few));
      default ->
          new Step<>(
              "scale to " + (number + 1),
              p -> {
                p.pods.clear();
                IntStream.rangeClosed(0, number).forEach(i -> p.pods.add("p-" + i));
              });
    };
  }

  private static void toggle(TreeSet<String> set, String name) {
    if (!set.remove(name)) {
      set.add(name);
    }
  }

  @Test
  void movesTheFewestAndStaysBalanced() {
    new Histories<>(Pool::new, StickyTest::step, 40).run(Seeds.upTo(200));
  }

  @Test
  void severalAwayAtOnceAllGetBackWhatTheyHad() {
    Random random = new Random(11);
    for (int round = 0; round < 300; round++) {
      int services = 1 + random.nextInt(40);
      int count = 2 + random.nextInt(8);
      Map<String, String> before =
          Assigner.assign(
              AssignerTest.STICKY, AssignerTest.services(services), AssignerTest.pods(count));
      int away = 1 + random.nextInt(count - 1);
      List<Host> rest = AssignerTest.pods(count).subList(0, count - away);
      Map<String, String> during =
          Assigner.assign(
              AssignerTest.STICKY, AssignerTest.at(AssignerTest.services(services), before), rest);
      List<Bucket> displaced =
          AssignerTest.at(AssignerTest.services(services), during).stream()
              .map(b -> b.withHome(before.get(b.name())))
              .toList();

      assertThat(Assigner.assign(AssignerTest.STICKY, displaced, AssignerTest.pods(count)))
          .isEqualTo(before);
    }
  }
}
