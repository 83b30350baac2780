package dev.ebb.timescaler.plan;

import dev.ebb.timescaler.api.ServiceScaler;
import dev.ebb.timescaler.api.ServiceScaler.HpaValues;
import dev.ebb.timescaler.api.ServiceScaler.TimeRange;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Draws ServiceScalers whose ranges overlap, touch, nest and cross midnight in many zones. */
final class RandomScalers {

  private RandomScalers() {}

  static ServiceScaler draw(Random random) {
    int min = 1 + random.nextInt(8);
    HpaValues hpa =
        Scalers.hpa(min, min + random.nextInt(10), maybe(random, 90), maybe(random, 90));
    TimeRange[] ranges =
        IntStream.range(0, random.nextInt(6))
            .mapToObj(i -> random.nextInt(4) == 0 ? once(random) : daily(random))
            .toArray(TimeRange[]::new);
    return Scalers.of(hpa, ranges);
  }

  private static TimeRange daily(Random random) {
    String offset = offset(random);
    String from = time(random);
    return Scalers.daily(
        from + offset,
        (random.nextInt(8) == 0 ? from : time(random)) + (random.nextBoolean() ? offset : "+00:00"),
        values(random));
  }

  private static String time(Random random) {
    // Few different times, so that they meet; minutes, so that they do not always.
    return "%02d:%02d".formatted(random.nextInt(24), random.nextBoolean() ? 0 : random.nextInt(60));
  }

  private static String offset(Random random) {
    int quarters = random.nextInt(-12 * 4, 14 * 4 + 1);
    int minutes = Math.abs(quarters) * 15;
    return "%s%02d:%02d".formatted(quarters < 0 ? "-" : "+", minutes / 60, minutes % 60);
  }

  private static TimeRange once(Random random) {
    return Scalers.once(moment(random), moment(random), values(random));
  }

  private static String moment(Random random) {
    return "2024-02-%02dT%s:00%s".formatted(27 + random.nextInt(3), time(random), offset(random));
  }

  private static HpaValues values(Random random) {
    return Scalers.hpa(maybe(random, 20), maybe(random, 30), maybe(random, 90), maybe(random, 90));
  }

  private static @Nullable Integer maybe(Random random, int most) {
    return random.nextInt(3) == 0 ? null : Integer.valueOf(1 + random.nextInt(most));
  }
}
