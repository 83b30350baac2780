package dev.ebb.cli;

import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code kubectl ebb retry}. */
@Command(
    name = "retry",
    mixinStandardHelpOptions = true,
    description =
        "Try again what Ebb gave up because others undid it, or a cleanup that failed or was"
            + " stopped.")
final class RetryCommand implements Callable<Integer> {

  @Mixin private Names names = new Names();

  @Override
  public Integer call() {
    return names.askOf(Set.of(Kind.SCALED_RESOURCE, Kind.SCALE_DOWN_CLEANUP), "retry", null);
  }
}
