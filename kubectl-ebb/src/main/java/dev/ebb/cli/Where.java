package dev.ebb.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** In which namespace. */
final class Where {

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAMESPACE",
      description = "Namespace; without it the context's")
  private @Nullable String namespace;

  /** Returns the namespace that was given, or else the context's. */
  String namespace(Kubectl kubectl) {
    if (namespace != null) {
      return namespace;
    }
    String own = kubectl.run("config", "view", "--minify", "-o", "jsonpath={..namespace}").strip();
    return own.isEmpty() ? "default" : own;
  }
}
