package dev.ebb.localcluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoolMapTest {

  private static PoolMap map(String... pods) {
    TreeMap<String, String> map = new TreeMap<>();
    for (int i = 0; i < pods.length; i++) {
      map.put("svc-" + i, pods[i]);
    }
    return new PoolMap(map);
  }

  @Test
  void whatMovedIsMarked() {
    PoolMap before = map("a-0", "a-0", "a-1");
    PoolMap after = map("a-0", "a-2", "a-1");

    assertThat(after.moved(before)).isEqualTo(1);
    assertThat(after.table(before))
        .isEqualTo(List.of("  a-0  svc-0", "  a-1  svc-2", "  a-2  svc-1*"));
    assertThat(after.table(new PoolMap(new TreeMap<>(Map.of()))))
        .as("the first map")
        .noneMatch(line -> line.contains("*"));
  }

  @Test
  void sharedMeansEvenly() {
    assertThat(map("a-0", "a-0", "a-1").sharedAmong(2, 3)).isTrue();
    assertThat(map("a-0", "a-0", "a-1").sharedAmong(3, 3)).isFalse();
    assertThat(map("a-0", "a-0", "a-0", "a-1").sharedAmong(2, 4)).isFalse();
    assertThat(map("a-0").sharedAmong(1, 2)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"8, 3, 4, 5", "8, 5, 6, 3", "6, 3, 4, 3", "12, 3, 4, 9", "32, 3, 4, 23"})
  void moduloMovesMost(int services, int from, int to, int moved) {
    List<String> names = IntStream.range(0, services).mapToObj(i -> "svc-" + i).toList();

    assertThat(PoolMap.movedByModulo(names, from, to)).isEqualTo(moved);
  }
}
