package dev.ebb.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The switch that freezes Ebb: an object that the user writes with the own rights, so that it works
 * also when Ebb does not.
 */
final class Switch {

  /** The ConfigMap that freezes all of Ebb. */
  static final String CONFIG_MAP = "ebb-freeze";

  /** The annotation that freezes a namespace. */
  static final String ANNOTATION = "ebb.dev/freeze";

  @Mixin private Access access = new Access();

  @ArgGroup(multiplicity = "1")
  private Scope scope = new Scope();

  /** All, or one namespace: never by default. */
  static final class Scope {
    @Option(
        names = {"-A", "--all"},
        description = "All of Ebb")
    private boolean all;

    @Option(
        names = {"-n", "--namespace"},
        paramLabel = "NAMESPACE",
        description = "One namespace")
    private @Nullable String namespace;
  }

  /** Returns the namespace, or null for all of Ebb. */
  @Nullable String namespace() {
    return scope.namespace;
  }

  String home() {
    return access.ebbNamespace();
  }

  /** Runs kubectl; what is refused is told. */
  void run(String... words) {
    Kubectl.Result result = access.kubectl().tryRun(words);
    if (!result.ok()) {
      throw CliException.refused(Kubectl.told(result));
    }
  }

  /** Runs kubectl; returns whether it was refused because the object is there already. */
  boolean exists(String... words) {
    Kubectl.Result result = access.kubectl().tryRun(words);
    if (!result.ok() && !result.err().contains("already exists")) {
      throw CliException.refused(Kubectl.told(result));
    }
    return !result.ok();
  }
}
