package dev.ebb.testkit.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SelectionTest {

  private static Cell cell(int row, String name) {
    return new Cell(row, name, trial -> {});
  }

  /** Three writes that rows 1 to 3 strike, and a cell of row 7. */
  private static List<Cell> cells() {
    List<Cell> cells = new ArrayList<>();
    for (int write = 1; write <= 3; write++) {
      for (int row = 1; row <= 3; row++) {
        cells.add(cell(row, "write " + write).at("write " + write));
      }
    }
    cells.add(cell(7, "closed"));
    return cells;
  }

  @Test
  void strikesEachPointOnceAndPlaysEachRow() {
    List<Cell> chosen = Selection.POINTS.of(cells(), 1);

    assertThat(chosen).extracting(Cell::row).contains(1, 2, 3, 7);
    assertThat(chosen).extracting(Cell::point).contains("write 1", "write 2", "write 3");
    assertThat(chosen).hasSize(4);
  }

  @Test
  void aRowThatNoPointDrewIsPlayedAllTheSame() {
    List<Cell> cells =
        List.of(cell(1, "one").at("write 1"), cell(2, "one").at("write 1"), cell(3, "other"));

    for (long seed : new long[] {1, 2, -5}) {
      assertThat(Selection.POINTS.of(cells, seed)).extracting(Cell::row).containsExactly(1, 2, 3);
    }
  }

  @Test
  void seedsInARowPlayEverything() {
    Set<String> played = new TreeSet<>();
    LongStream.range(0, 3)
        .forEach(
            seed -> Selection.POINTS.of(cells(), seed).forEach(cell -> played.add(cell.slug())));

    assertThat(played).hasSize(cells().size());
  }

  @Test
  void aBuildPlaysOneCellOfEachRowAndEverySeedAnother() {
    assertThat(Selection.ROWS.of(cells(), 1))
        .extracting(Cell::row)
        .containsExactlyInAnyOrder(1, 2, 3, 7);

    Set<String> played = new TreeSet<>();
    LongStream.range(0, 3)
        .forEach(seed -> Selection.ROWS.of(cells(), seed).forEach(cell -> played.add(cell.slug())));
    assertThat(played).hasSize(cells().size());
  }
}
