package dev.ebb.cli;

import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code kubectl ebb cancel}. */
@Command(
    name = "cancel",
    mixinStandardHelpOptions = true,
    description = "Stop a cleanup until it is retried; its claims stay.")
final class CancelCommand implements Callable<Integer> {

  @Mixin private Names names = new Names();

  @Override
  public Integer call() {
    return names.askOf(Set.of(Kind.SCALE_DOWN_CLEANUP), "cancel", null);
  }
}
