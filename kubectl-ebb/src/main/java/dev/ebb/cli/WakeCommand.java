package dev.ebb.cli;

import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code kubectl ebb wake}. */
@Command(
    name = "wake",
    mixinStandardHelpOptions = true,
    description = "Wake what Ebb put to sleep, as a request would.")
final class WakeCommand implements Callable<Integer> {

  @Mixin private Names names = new Names();

  @Override
  public Integer call() {
    return names.askOf(Set.of(Kind.SCALED_RESOURCE), "wake", null);
  }
}
