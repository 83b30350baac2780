package dev.ebb.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code kubectl ebb retry}. */
@Command(
    name = "retry",
    mixinStandardHelpOptions = true,
    description = "Try again what Ebb gave up because others undid it.")
final class RetryCommand implements Callable<Integer> {

  @Mixin private Names names = new Names();

  @Override
  public Integer call() {
    return names.askScaledResources("retry", null);
  }
}
