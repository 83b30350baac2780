package dev.ebb.cleanup.history;

import dev.ebb.cleanup.World;
import dev.ebb.cleanup.api.Names;
import dev.ebb.cleanup.api.ScaleDownCleanup;
import dev.ebb.cleanup.api.SetPod;
import dev.ebb.cleanup.api.StatefulSet;
import dev.ebb.testkit.history.ApiFaults;
import dev.ebb.testkit.history.Step;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** What happens to the world: drawn at random, each with a second of time after it. */
final class CleanupSteps {

  private static final List<String> KINDS =
      List.of(
          "statefulsets",
          "pods",
          "persistentvolumeclaims",
          "scaledowncleanups",
          "scaledownpolicies");

  // Each as often as it is listed.
  private static final List<Function<Random, Step<CleanupWorld>>> STEPS =
      List.of(
          CleanupSteps::time,
          CleanupSteps::time,
          CleanupSteps::scale,
          CleanupSteps::scale,
          CleanupSteps::scale,
          CleanupSteps::run,
          CleanupSteps::run,
          CleanupSteps::succeed,
          CleanupSteps::succeed,
          CleanupSteps::succeed,
          CleanupSteps::succeedAndScaleUp,
          CleanupSteps::fail,
          CleanupSteps::fail,
          CleanupSteps::deletePod,
          CleanupSteps::deleteClaim,
          CleanupSteps::deleteSet,
          CleanupSteps::request,
          CleanupSteps::template,
          CleanupSteps::policy,
          CleanupSteps::policy,
          CleanupSteps::keepUnseen,
          CleanupSteps::fault,
          CleanupSteps::crash,
          CleanupSteps::crash,
          CleanupSteps::restart,
          CleanupSteps::stale,
          CleanupSteps::stale,
          CleanupSteps::fresh,
          CleanupSteps::broken);

  private CleanupSteps() {}

  static Step<CleanupWorld> next(Random random) {
    Step<CleanupWorld> step = STEPS.get(random.nextInt(STEPS.size())).apply(random);
    return new Step<>(
        step.text(),
        world -> {
          step.action().on(world);
          world.pass(Duration.ofSeconds(1));
        });
  }

  private static String set(Random random) {
    return CleanupWorld.SETS.get(random.nextInt(CleanupWorld.SETS.size()));
  }

  private static Step<CleanupWorld> time(Random random) {
    int seconds = List.of(5, 30, 300).get(random.nextInt(3));
    return new Step<>(seconds + " seconds pass", world -> world.pass(Duration.ofSeconds(seconds)));
  }

  private static Step<CleanupWorld> scale(Random random) {
    String set = set(random);
    int replicas = random.nextInt(4);
    return new Step<>(
        set + " is scaled to " + replicas,
        world -> world.patch(set, Map.of("spec", Map.of("replicas", replicas))));
  }

  private static Step<CleanupWorld> pods(
      Random random, String what, BiConsumer<CleanupWorld, SetPod> action) {
    int which = random.nextInt(4);
    return new Step<>(
        what.formatted("cleanup pod no. " + which),
        world -> {
          List<SetPod> pods = world.kube.cleanups();
          if (!pods.isEmpty()) {
            action.accept(world, pods.get(which % pods.size()));
          }
        });
  }

  private static Step<CleanupWorld> run(Random random) {
    return pods(random, "%s runs", CleanupWorld::run);
  }

  private static Step<CleanupWorld> succeed(Random random) {
    return pods(random, "%s succeeds", CleanupWorld::succeed);
  }

  /** The set grows in the very moment in which a cleanup succeeds, and nobody hears of it. */
  private static Step<CleanupWorld> succeedAndScaleUp(Random random) {
    String set = set(random);
    return new Step<>(
        set + "'s cleanup succeeds while it is scaled up unseen",
        world -> {
          world.api.hold("statefulsets");
          world.patch(set, Map.of("spec", Map.of("replicas", 3)));
          world.kube.cleanups().forEach(world::succeed);
          world.pass(Duration.ofSeconds(2));
          world.api.letGo();
        });
  }

  private static Step<CleanupWorld> fail(Random random) {
    String reason = random.nextBoolean() ? "Error" : "Evicted";
    return pods(random, "%s fails: " + reason, (world, pod) -> world.fail(pod, reason));
  }

  private static Step<CleanupWorld> deletePod(Random random) {
    return pods(
        random,
        "%s is deleted by hand",
        (world, pod) -> world.truth.delete(SetPod.TYPE, pod.metadata()));
  }

  private static Step<CleanupWorld> deleteClaim(Random random) {
    int which = random.nextInt(8);
    return new Step<>(
        "claim no. " + which + " is deleted by hand",
        world -> {
          var claims = world.kube.claims();
          if (!claims.isEmpty()) {
            world.truth.delete(
                dev.ebb.cleanup.api.Claim.TYPE, claims.get(which % claims.size()).metadata());
          }
        });
  }

  private static Step<CleanupWorld> deleteSet(Random random) {
    String set = set(random);
    int replicas = 1 + random.nextInt(3);
    return new Step<>(
        set + " is deleted, or made anew with " + replicas,
        world ->
            world
                .kube
                .set(set)
                .ifPresentOrElse(
                    found -> {
                      if (!found.metadata().deleting()) {
                        world.truth.delete(StatefulSet.TYPE, found.metadata());
                      }
                    },
                    () -> world.deploy(set, replicas)));
  }

  private static Step<CleanupWorld> request(Random random) {
    int which = random.nextInt(6);
    String verb = List.of("retry", "skip", "cancel", "nonsense").get(random.nextInt(4));
    return new Step<>(
        "a user asks for " + verb + " of record no. " + which,
        world -> {
          List<ScaleDownCleanup> records = world.records();
          if (!records.isEmpty()) {
            world.request(records.get(which % records.size()), verb);
          }
        });
  }

  private static Step<CleanupWorld> template(Random random) {
    String set = set(random);
    String template =
        random.nextBoolean()
            ? "{bad"
            : World.TEMPLATE.replace("\"x\"", "\"y" + random.nextInt(9) + "\"");
    return new Step<>(
        set + "'s template is " + template,
        world ->
            world.patch(
                set, Map.of("metadata", Map.of("annotations", Map.of(Names.TEMPLATE, template)))));
  }

  private static final List<Map<String, Object>> POLICIES =
      List.of(
          Map.of(),
          Map.of(),
          Map.of("mode", "Observe"),
          Map.of("mode", "Enforce", "claims", "Delete"),
          Map.of("claims", "Keep"),
          Map.of("firstOrdinal", "Skip"),
          Map.of("onDelete", "Clean"),
          Map.of("maxParallel", 1),
          Map.of("onFailure", "Release"),
          Map.of("settle", "5s", "requireReady", "First"),
          Map.of("template", Map.of("spec", Map.of("containers", List.of()))),
          Map.of("onReturn", "Renew"));

  private static Step<CleanupWorld> policy(Random random) {
    String set = set(random);
    Map<String, Object> spec = POLICIES.get(random.nextInt(POLICIES.size()));
    return new Step<>(
        set + (spec.isEmpty() ? " loses its policy" : "'s policy says " + spec),
        world -> world.policy(set, spec));
  }

  /** Claims are to stay from the moment on in which a cleanup succeeds, and nobody hears of it. */
  private static Step<CleanupWorld> keepUnseen(Random random) {
    String set = set(random);
    return new Step<>(
        set + "'s cleanup succeeds while its policy keeps claims unseen",
        world -> {
          world.api.hold("scaledownpolicies");
          world.policy(set, Map.of("claims", "Keep"));
          world.kube.cleanups().forEach(world::succeed);
          world.pass(Duration.ofSeconds(2));
          world.api.letGo();
        });
  }

  private static Step<CleanupWorld> fault(Random random) {
    ApiFaults.Fault fault = ApiFaults.Fault.values()[random.nextInt(3)];
    int count = 1 + random.nextInt(3);
    return new Step<>(count + " writes: " + fault, world -> world.faults.failWrites(fault, count));
  }

  private static Step<CleanupWorld> crash(Random random) {
    int write = 1 + random.nextInt(4);
    boolean instead = random.nextBoolean();
    return new Step<>(
        "the process ends " + (instead ? "instead of" : "after") + " write no. " + write,
        world -> world.crash.at(write, instead));
  }

  private static Step<CleanupWorld> restart(Random random) {
    return new Step<>("the process is restarted", CleanupWorld::restart);
  }

  private static Step<CleanupWorld> stale(Random random) {
    String kind = KINDS.get(random.nextInt(KINDS.size()));
    return new Step<>("nothing is heard of " + kind, world -> world.api.hold(kind));
  }

  private static Step<CleanupWorld> fresh(Random random) {
    return new Step<>("everything is heard of", world -> world.api.letGo());
  }

  private static Step<CleanupWorld> broken(Random random) {
    boolean compact = random.nextBoolean();
    return new Step<>(
        "watches end" + (compact ? ", and old versions are forgotten" : ""),
        world -> {
          if (compact) {
            world.api.compact();
          }
          world.api.endWatches();
        });
  }
}
