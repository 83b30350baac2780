package dev.ebb.timescaler;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What service-scaler's users are promised is told completely, and each promise has its test. */
class ParityTest {

  private static final Pattern ROW = Pattern.compile("(?m)^\\| ([TID]\\d+) \\|.*$");
  private static final Pattern TEST = Pattern.compile("`(\\w+(?:Test|IT|ST))\\.(\\w+)`");

  /** Rows without a test, and why they need none. */
  private static final List<String> AS_IT_IS = List.of("D23");

  private static Map<String, List<MatchResult>> rows() throws IOException {
    String page = Files.readString(Path.of("../docs/time-scaler.md"));
    return ROW.matcher(page)
        .results()
        .collect(
            Collectors.toMap(
                row -> row.group(1),
                row -> TEST.matcher(row.group()).results().toList(),
                (a, b) -> a,
                TreeMap::new));
  }

  @Test
  void everyNumberIsThere() throws IOException {
    List<String> all =
        Stream.of("T 23", "I 20", "D 28")
            .map(text -> text.split(" ", 2))
            .flatMap(part ->
                IntStream.rangeClosed(1, Integer.parseInt(part[1])).mapToObj(i -> part[0] + i))
            .toList();

    assertThat(rows().keySet()).containsExactlyInAnyOrderElementsOf(all);
    assertThat(rows().entrySet())
        .filteredOn(row -> row.getValue().isEmpty())
        .extracting(Map.Entry::getKey)
        .isEqualTo(AS_IT_IS);
  }

  @Test
  void everyTestThatIsNamedExists() throws IOException {
    Map<String, String> sources = new TreeMap<>();
    for (String root : List.of("src/test/java", "../system-tests/src/test/java")) {
      try (Stream<Path> files = Files.walk(Path.of(root))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
          sources.put(file.getFileName().toString().replace(".java", ""), Files.readString(file));
        }
      }
    }

    rows().values().stream()
        .flatMap(List::stream)
        .forEach(test ->
            assertThat(sources.getOrDefault(test.group(1), ""))
                .as(test.group())
                .contains("void " + test.group(2) + "("));
  }
}
