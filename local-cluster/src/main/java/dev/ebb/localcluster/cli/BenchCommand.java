package dev.ebb.localcluster.cli;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code ./ebb bench NAME}: measures, and says whether the gates hold. */
@Command(
    name = "bench",
    header = "Measures Ebb: wakes, held requests, schedules, pools and more.",
    description = {
      "Measures, prints a table and says whether the gates hold (exit code 1 if one does not).",
      "./ebb bench --help says what there is, ./ebb bench NAME --help what each can be told."
    })
final class BenchCommand implements Callable<Integer> {

  @Parameters(arity = "0..*", paramLabel = "NAME", description = "What, and its options.")
  private List<String> words = List.of();

  @Override
  public Integer call() {
    return new BenchmarksModule(Repository.own())
        .run(Stream.concat(Stream.of("bench"), words.stream()).toList());
  }
}
