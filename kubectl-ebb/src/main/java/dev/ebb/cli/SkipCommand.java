package dev.ebb.cli;

import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code kubectl ebb skip}. */
@Command(
    name = "skip",
    mixinStandardHelpOptions = true,
    description = "Keep the claims of an ordinal as they are, and clean up nothing.")
final class SkipCommand implements Callable<Integer> {

  @Mixin private Names names = new Names();

  @Override
  public Integer call() {
    return names.askOf(Set.of(Kind.SCALE_DOWN_CLEANUP), "skip", null);
  }
}
