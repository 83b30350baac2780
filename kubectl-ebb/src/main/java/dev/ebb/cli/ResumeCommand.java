package dev.ebb.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code kubectl ebb resume}. */
@Command(name = "resume", mixinStandardHelpOptions = true, description = "End a pause.")
final class ResumeCommand implements Callable<Integer> {

  @Mixin private Names names = new Names();

  @Override
  public Integer call() {
    return names.askOf(Kind.PAUSED_BY_MODE, "resume", null);
  }
}
