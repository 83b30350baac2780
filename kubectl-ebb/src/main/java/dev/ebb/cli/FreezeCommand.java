package dev.ebb.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code kubectl ebb freeze}. */
@Command(
    name = "freeze",
    mixinStandardHelpOptions = true,
    description = {
      "Make Ebb wake what sleeps and then keep its hands off.",
      "Writes a ConfigMap, or an annotation of the namespace, with your own rights."
    })
final class FreezeCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Switch target = new Switch();

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why; shown in status and Events")
  private String reason = "";

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    String namespace = target.namespace();
    if (namespace != null) {
      target.run(
          "annotate",
          "namespace",
          namespace,
          Switch.ANNOTATION + "=" + (reason.isBlank() ? "true" : reason),
          "--overwrite");
      out.println("namespace " + namespace + " is frozen");
    } else {
      boolean before =
          target.exists(
              "create",
              "configmap",
              Switch.CONFIG_MAP,
              "-n",
              target.home(),
              "--from-literal=reason=" + reason);
      if (before && !reason.isBlank()) {
        target.run(
            "patch",
            "configmap",
            Switch.CONFIG_MAP,
            "-n",
            target.home(),
            "--type=merge",
            "--patch=" + reasonPatch());
      }
      out.println("all of Ebb is frozen" + (before ? " already" : ""));
    }
    out.flush();
    return CommandLine.ExitCode.OK;
  }

  private String reasonPatch() {
    ObjectNode patch = JsonMapper.shared().createObjectNode();
    patch.putObject("data").put("reason", reason);
    return patch.toString();
  }
}
