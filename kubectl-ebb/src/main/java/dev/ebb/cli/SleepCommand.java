package dev.ebb.cli;

import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code kubectl ebb sleep}. */
@Command(
    name = "sleep",
    mixinStandardHelpOptions = true,
    description = "Let sleep without waiting for the idle window; everything else must allow it.")
final class SleepCommand implements Callable<Integer> {

  @Mixin private Names names = new Names();

  @Override
  public Integer call() {
    return names.askOf(Set.of(Kind.SCALED_RESOURCE), "sleep", null);
  }
}
