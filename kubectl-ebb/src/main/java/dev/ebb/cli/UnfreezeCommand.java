package dev.ebb.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code kubectl ebb unfreeze}. */
@Command(name = "unfreeze", mixinStandardHelpOptions = true, description = "Let Ebb go on.")
final class UnfreezeCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Switch target = new Switch();

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    String namespace = target.namespace();
    if (namespace != null) {
      target.run("annotate", "namespace", namespace, Switch.ANNOTATION + "-");
      out.println("namespace " + namespace + " is not frozen any more");
    } else {
      target.run(
          "delete", "configmap", Switch.CONFIG_MAP, "-n", target.home(), "--ignore-not-found");
      out.println("Ebb goes on, except in namespaces that are frozen by themselves");
    }
    out.flush();
    return CommandLine.ExitCode.OK;
  }
}
