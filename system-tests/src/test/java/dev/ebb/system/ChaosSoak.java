package dev.ebb.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.cli.Suite;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * {@code ./ebb soak chaos}: the same while pods of the gateway and the autoscaler are killed and
 * deleted at random. Every request has an outcome within its deadline; it is an answer of the
 * workload, a refusal with its reason, or a connection that broke with the gateway that was killed.
 * Afterwards everything is as before.
 */
final class ChaosSoak {

  private static final int CALLERS = 12;
  private static final int LONGEST_BURST = 40;
  private static final int SHORTEST_PAUSE_MILLIS = 2_000;
  private static final int LONGEST_PAUSE_MILLIS = 15_000;
  private static final String ALLOWED =
      "200|cut|refused|no connection|503 [A-Z]\\w*|504 WakeTimeout";

  private ChaosSoak() {}

  /** Plays rounds; see {@link SoakTown#play}. */
  public static void main(String[] words) throws InterruptedException {
    System.exit(SoakTown.play(words, ChaosSoak::round));
  }

  private static void round(SoakTown town, long seed) throws IOException, InterruptedException {
    Random random = new Random(seed);
    Outcomes outcomes =
        town.roam(seed, CALLERS, LONGEST_BURST, false, callers -> strike(town, random, callers));
    assertThat(outcomes.unlike(ALLOWED)).as("what is no outcome in time").isEmpty();
    assertThat(outcomes.byCause()).as("outcomes").containsKey("200");
    town.awaitWhole();
    town.awaitAllAsleep();
  }

  private static void strike(SoakTown town, Random random, Process callers)
      throws InterruptedException {
    while (!callers.waitFor(
        random.nextInt(SHORTEST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS), TimeUnit.MILLISECONDS)) {
      String service = random.nextInt(3) == 0 ? "autoscaler" : "dlx-gateway";
      boolean gracefully = random.nextBoolean();
      List<String> pods = town.ebb().pods(service);
      if (pods.isEmpty()) {
        continue;
      }
      String victim = pods.get(random.nextInt(pods.size()));
      System.out.println((gracefully ? "delete " : "kill ") + victim);
      strike(town.cluster(), victim, gracefully);
    }
  }

  private static void strike(Cluster cluster, String victim, boolean gracefully) {
    if (gracefully) {
      cluster
          .kubectlIn(Suite.NAMESPACE, "delete", "pod", victim, "--wait=false", "--ignore-not-found")
          .orThrow();
      return;
    }
    try {
      cluster.killPod(Suite.NAMESPACE, victim);
    } catch (RuntimeException noLongerThere) {
      System.out.println(victim + " was not running");
    }
  }
}
