package dev.ebb.testkit.matrix;

import dev.ebb.testkit.proxy.Applied;
import dev.ebb.testkit.proxy.Fault;
import dev.ebb.testkit.proxy.Match;
import dev.ebb.testkit.proxy.Often;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What a round of the soak plays, drawn by its seed. */
final class Draw {

  /** A fault, and to what it can happen. */
  private record Kind(Match match, Fault fault) {}

  private static final List<Kind> KINDS =
      List.of(
          new Kind(Match.writes(), Fault.dropAnswer()),
          new Kind(Match.writes(), Fault.answer(500)),
          new Kind(Match.anything(), Fault.answer(503)),
          new Kind(Match.anything(), Fault.tooManyRequests(Duration.ofSeconds(1))),
          new Kind(Match.anything(), Fault.delay(Duration.ZERO, Duration.ofSeconds(1))),
          new Kind(Match.anything(), Fault.cut()),
          new Kind(Match.watches(), Fault.closeWatch(Duration.ofSeconds(1))),
          new Kind(Match.watches(), Fault.goneEvent()),
          new Kind(Match.watches(), Fault.malformedLine()),
          new Kind(Match.watches(), Fault.repeatEvents()),
          new Kind(Match.watches(), Fault.delayEvents(Duration.ZERO, Duration.ofSeconds(3))));

  private Draw() {}

  /** Returns one of the cells, in their order, for every second seed; else random faults. */
  static Cell of(long seed, List<Cell> cells, Baseline baseline) {
    return seed % 2 == 0
        ? cells.get((int) Math.floorMod(seed / 2, (long) cells.size()))
        : random(seed, baseline);
  }

  /** Row 24: some faults at once, in the midst of the scenario. */
  private static Cell random(long seed, Baseline baseline) {
    return new Cell(
        24,
        "seed " + seed,
        trial -> {
          Random random = new Random(seed * 0x9E3779B97F4A7C15L);
          trial.start("a");
          for (Act act : trial.scenario().acts()) {
            List<Applied> faults = draw(random, trial);
            act.action().accept(trial.world());
            Trial.pass(Duration.ofMillis(random.nextInt(6000)));
            faults.forEach(Applied::close);
            trial.reached(act);
          }
          trial.endsAs(baseline);
        });
  }

  private static List<Applied> draw(Random random, Trial trial) {
    List<Applied> faults = new ArrayList<>();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      Kind kind = KINDS.get(random.nextInt(KINDS.size()));
      double chance = 0.1 + 0.6 * random.nextDouble();
      faults.add(trial.apply(kind.match(), kind.fault(), Often.sometimes(chance)));
    }
    return faults;
  }
}
