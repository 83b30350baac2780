package dev.ebb.nodescaler.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ebb.nodescaler.api.Resources;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Kubescaler's own table, and what the probes of it should have given. Slots of 100m, a buffer of
 * four, nodes of 1000m, from two to ten of them, unless a case says otherwise.
 */
class OracleTest {

  /**
   * The six cases of kubescaler's test, until nothing is to be done any more. Expiration zero. A
   * node goes one pass later than at kubescaler: a taint is seen to stand before the last look.
   */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "minimum_scale, '', 'grow 0>2'",
        "scale_up, 'a=9 b=8', 'grow 2>3'",
        "scale_down, 'a=9 b=7 c=0', 'mark c | delete c'",
        "scale_down_unschedule, 'a=8 b=7 c=1', 'mark c'",
        "scale_up_schedule, 'a=9 b=8 c=C1', 'unmark c'",
        "scale_down_unschedule_non_dedicated, 'a=8 b=7 c=Co1', 'delete c'"
      })
  void kubescalersTable(String name, String nodes, String steps) {
    Rules rules = expiring(Pool.rules(4, 2, 6), Duration.ZERO);
    Observed observed = Pool.observed(rules, unquoted(nodes), 0, -1);
    List<String> told = new ArrayList<>();

    for (int pass = 0; pass < 3; pass++) {
      Plan plan = Planner.plan(observed);
      if (plan.steps().isEmpty()) {
        break;
      }
      told.add(Pool.text(plan));
      observed = World.after(observed, plan);
    }

    assertThat(String.join(" | ", told)).isEqualTo(unquoted(steps));
  }

  private static String unquoted(String text) {
    return text.replace("'", "").strip();
  }

  private static Rules expiring(Rules rules, Duration expiration) {
    return World.shrinking(rules, Pool.parity(expiration));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "P1 exact buffer           | a=8 b=8                          | 4  | 2 | 10 | ''",
        "P2 full                   | a=10 b=10                        | 4  | 2 | 10 | grow 2>3",
        "P3 full, a greater buffer | a=10 b=10                        | 25 | 2 | 10 | grow 2>5",
        "P4 cut at the maximum     | a=10 b=10                        | 25 | 2 | 4  | grow 2>4",
        "P5 fragments              | a=u925 b=u925 c=u925 d=u925 e=u900 | 4 | 2 | 10 | grow 5>6",
        "P6 nodes are down         | a=10 b=10 c=10 d=N5 e=N5         | 4  | 2 | 10 | grow 5>6",
        "P7 over the maximum       | a=10 b=10 c=10 d=10 e=10         | 4  | 2 | 4  | ''",
        "P9 two are taken back     | a=10 b=10 c=C7 d=C7              | 4  | 2 | 10 |"
            + " 'unmark c, unmark d'",
        "P10 fullest first         | a=10 b=8 c=C9 d=C1               | 4  | 2 | 10 |"
            + " 'unmark c, unmark d'",
        "P11 one is enough         | a=10 b=8 c=C5 d=C1               | 4  | 2 | 10 | unmark c",
        "P12 one is not enough     | a=10 b=10 c=C9                   | 4  | 2 | 10 |"
            + " 'unmark c, grow 3>4'",
        "P13 an admin's cordon     | a=8 b=8 m=K0 x=C0                | 4  | 2 | 10 | delete x",
        "P14 no annotations        | a=0 b=8 c=8                      | 4  | 2 | 10 | mark a",
        "P15 the fewest nodes      | a=0 b=0                          | 4  | 2 | 10 | ''",
        "P16 from zero             | ''                               | 4  | 0 | 10 | grow 0>1",
        "P16 from zero to two      | ''                               | 4  | 2 | 10 | grow 0>2",
        "P17 unlike nodes          | a=0/1000 b=0/4000 c=0/4000       | 4  | 2 | 10 | mark a",
        "P18 a node that starts    | n=S0/0 a=10 b=10                 | 4  | 2 | 10 | ''",
        "P20 two have expired      | a=8 b=8 x=C0 y=Co3               | 4  | 2 | 10 |"
            + " 'delete x, delete y'",
        "P21 not below the minimum | a=6 x=C0 y=C0                    | 4  | 2 | 10 | delete x",
        "P22 not expired           | a=8 b=8 x=F0                     | 4  | 2 | 10 | ''",
        "P23 more than it has      | a=u1500 b=2                      | 4  | 2 | 10 | ''",
        "P24 less than nothing     | a=u1350 b=10                     | 4  | 2 | 10 | grow 2>3",
        "P27 without requests      | a=l10 b=l10                      | 4  | 2 | 10 | grow 2>3",
        "P28 a whole node too much | a=10 b=6 c=0                     | 4  | 2 | 10 | mark c",
        "P29 less than a whole one | a=10 b=7 c=0                     | 4  | 2 | 10 | ''"
      })
  void whatProbesShouldHaveGiven(
      String name, String nodes, int buffer, int min, int max, String steps) {
    Plan plan = Planner.plan(Pool.observed(Pool.rules(buffer, min, max), nodes, 0, -1));

    assertThat(Pool.text(plan)).isEqualTo(steps);
  }

  /**
   * The table wants two of b, c and d cordoned. That would leave one schedulable node of a minimum
   * of two, which P15, P17 and B11 forbid; with a minimum of one it is as the table says.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"2 | 'mark b, delete a'", "1 | 'mark b, mark c, delete a'"})
  void p8TheExpiredOneGoesAndKeepsItsTime(int min, String steps) {
    Plan plan = Planner.plan(Pool.observed(Pool.rules(4, min, 10), "a=C0 b=1 c=1 d=1", 0, -1));

    assertThat(Pool.text(plan)).isEqualTo(steps);
  }

  @Test
  void p6WaitsForNodesThatWentDownJustNow() {
    Observed observed = Pool.observed(Pool.rules(4, 2, 10), "a=10 b=10 c=10 d=N5 e=N5", 0, -1);
    Instant justNow = Pool.NOW.minus(Duration.ofMinutes(10)).plusSeconds(30);

    Plan plan = Planner.plan(Pool.with(observed, observed.cloud(), Memory.NONE, justNow));

    assertThat(plan.steps()).isEmpty();
    assertThat(plan.lookAgain()).isEqualTo(justNow.plusSeconds(30));
  }

  @Test
  void p7SaysThatTheMaximumIsReached() {
    Plan plan = Planner.plan(Pool.observed(Pool.rules(4, 2, 4), "a=10 b=10 c=10 d=10 e=10", 0, -1));

    assertThat(plan.limit()).isEqualTo(Plan.Limit.MAX_REACHED);
  }

  @Test
  void p25ASlotOfNothingIsRejected() {
    assertThatThrownBy(() ->
            new Rules(
                Resources.NONE,
                4,
                0,
                List.of(),
                0,
                1,
                null,
                Rules.Timing.DEFAULT,
                Rules.Shrinking.DEFAULT))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void p26CountsEachNodeByItself() {
    Rules hundred = Pool.rules(4, 2, 10);
    Rules rules =
        new Rules(
            Resources.of(Resources.CPU, 300),
            hundred.slots(),
            0,
            List.of(),
            2,
            10,
            null,
            hundred.timing(),
            hundred.shrinking());

    Plan plan = Planner.plan(Pool.observed(rules, "a=u600 b=u600", 0, -1));

    assertThat(plan.counts().free()).isEqualTo(2);
    assertThat(Pool.text(plan)).isEqualTo("grow 2>3");
  }
}
