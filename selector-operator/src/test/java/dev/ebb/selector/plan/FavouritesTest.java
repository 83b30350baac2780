package dev.ebb.selector.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FavouritesTest {

  /** Against all pairs with their weights, sorted. */
  @Test
  void theFavouriteIsTheBestOfThoseWithRoom() {
    Random random = new Random(1);
    for (int round = 0; round < 500; round++) {
      int weights = 1 + random.nextInt(4);
      List<Host> pods =
          IntStream.range(0, 1 + random.nextInt(30))
              .mapToObj(i -> new Host("pod-" + i, i, 1 + random.nextInt(weights)))
              .toList();
      long[] room = pods.stream().mapToLong(p -> random.nextInt(4)).toArray();
      long needed = random.nextInt(4);
      long service = Scores.digest("svc-" + round);
      Favourites favourites = new Favourites(pods, room);

      int expected =
          IntStream.range(0, pods.size())
              .boxed()
              .filter(i -> room[i] >= needed)
              .max(Comparator.comparingDouble(i -> favourites.score(service, i)))
              .orElse(-1);
      assertThat(favourites.of(service, needed)).isEqualTo(expected);
    }
  }

  @Test
  void aPodOfWeightThreeWinsThreeTimesAsOften() {
    List<Host> pods = List.of(new Host("a-0", 0, 1), new Host("a-1", 1, 3));
    Favourites favourites = Favourites.unlimited(pods);
    long second =
        IntStream.range(0, 10_000)
            .filter(i -> favourites.of(Scores.digest("svc-" + i), 1) == 1)
            .count();
    assertThat(second).isBetween(7_300L, 7_700L);
  }
}
