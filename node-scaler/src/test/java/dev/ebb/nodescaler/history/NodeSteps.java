package dev.ebb.nodescaler.history;

import dev.ebb.testkit.history.Histories;
import dev.ebb.testkit.history.Step;
import java.time.Duration;
import java.util.Random;

/** What can happen to a pool. */
final class NodeSteps {

  private NodeSteps() {}

  static Histories<NodeWorld> histories(Mutant mutant) {
    return new Histories<>(() -> new NodeWorld(mutant), NodeSteps::draw, 30);
  }

  static Step<NodeWorld> draw(Random random) {
    int many = 1 + random.nextInt(12);
    int few = 1 + random.nextInt(3);
    int index = random.nextInt(40);
    String node = "n" + random.nextInt(8);
    boolean yes = random.nextBoolean();
    int seconds = 1 + random.nextInt(400);
    int how = random.nextInt(5);
    return switch (random.nextInt(20)) {
      case 0, 1, 2 ->
          new Step<>(
              many + " servers start, played on " + yes,
              w -> {
                for (int i = 0; i < many; i++) {
                  w.start("arena", yes ? "playing" : "idle");
                }
              });
      case 3, 4 ->
          new Step<>(
              many + " pods from " + index + " on end",
              w -> {
                for (int i = 0; i < many; i++) {
                  w.stop(index);
                }
              });
      case 5 -> new Step<>("pod " + index + " played on " + yes, w -> w.play(index, yes));
      case 6 -> new Step<>("another pod starts", w -> w.start("web", "none"));
      case 7 -> new Step<>(node + " ready " + yes, w -> w.ready(node, yes));
      case 8 -> new Step<>(node + " cordoned by an admin " + yes, w -> w.cordon(node, yes));
      case 9, 10 -> new Step<>("the cloud brings " + few, w -> w.bring(few));
      case 11 -> new Step<>("the cloud ends what it was asked to", w -> w.end(true));
      case 12 -> new Step<>("the cloud loses " + node, w -> w.lose(node));
      case 13 ->
          new Step<>("the cloud fails " + few + " times by " + how, w -> w.cloudFails(few, how));
      case 14 -> new Step<>(few + " writes fail by " + how, w -> w.apiFails(few, how));
      case 15 -> new Step<>("restart", NodeWorld::restart);
      case 16 -> new Step<>("watches are late: " + yes, w -> w.hold(yes ? "pods" : "nodes"));
      case 17 -> new Step<>("paused " + yes, w -> w.pause(yes));
      case 18 -> new Step<>("a few seconds pass", w -> w.pass(Duration.ofSeconds(few)));
      default -> new Step<>(seconds + " s pass", w -> w.pass(Duration.ofSeconds(seconds)));
    };
  }
}
