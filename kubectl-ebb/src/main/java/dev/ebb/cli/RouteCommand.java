package dev.ebb.cli;

import dev.ebb.selectorclient.Address;
import dev.ebb.selectorclient.Bucket;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kubectl ebb route}. */
@Command(
    name = "route",
    mixinStandardHelpOptions = true,
    description = "Say which of a pool's Services a key belongs to; asks nobody.")
final class RouteCommand implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "KEY", description = "What the same server is wanted for.")
  private String key = "";

  @Option(
      names = "--services",
      required = true,
      paramLabel = "N",
      description = "How many Services the pool has.")
  private int services;

  @Option(
      names = "--address",
      paramLabel = "ADDRESS",
      description = "Print this address with the number in its first part.")
  private @Nullable String address;

  @Override
  public Integer call() {
    CommandSpec command = java.util.Objects.requireNonNull(spec);
    String text;
    try {
      text =
          address == null
              ? String.valueOf(Bucket.of(key, services))
              : Address.of(address, key, services);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()));
    }
    PrintWriter out = command.commandLine().getOut();
    out.println(text);
    out.flush();
    return 0;
  }
}
