package dev.ebb.cli;

import dev.ebb.cli.Kind.Named;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/** {@code kubectl ebb why}. */
@Command(
    name = "why",
    mixinStandardHelpOptions = true,
    description = "Show what is decided about workloads now, with every input.")
final class WhyCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Names names = new Names();

  @Override
  public Integer call() {
    List<Named> list = names.list();
    String namespace = names.where().namespace(names.access().kubectl());
    ArrayNode answers = JsonMapper.shared().createArrayNode();
    try (Connections apis = new Connections(names.access())) {
      list.forEach(name -> answers.add(apis.of(name.kind()).get(name.path(namespace) + "/why")));
    }
    JsonNode shown = answers.size() == 1 ? answers.get(0) : answers;
    names
        .output()
        .print(
            spec.commandLine().getOut(),
            shown,
            out -> {
              for (int i = 0; i < answers.size(); i++) {
                if (i > 0) {
                  out.println();
                }
                String name = namespace + "/" + list.get(i).shown();
                switch (list.get(i).kind()) {
                  case SCALED_RESOURCE -> explain(out, name, answers.get(i));
                  case SERVICE_SCALER, SCALING_SCHEDULE ->
                      Schedules.explain(out, name, answers.get(i));
                  case SCALE_DOWN_CLEANUP -> Cleanups.explain(out, name, answers.get(i));
                  case SERVICE_POOL -> Pools.explain(out, name, answers.get(i));
                  case NODE_BUFFER -> Buffers.explain(out, name, answers.get(i));
                }
              }
            });
    return CommandLine.ExitCode.OK;
  }

  static void explain(PrintWriter out, String name, JsonNode why) {
    out.println(name + ": " + StatusCommand.text(why, "message"));
    List<String> decision = new ArrayList<>();
    why.path("decision").forEach(step -> decision.add(step.asString("")));
    out.println("State:     " + StatusCommand.text(why, "state"));
    out.println("Does now:  " + (decision.isEmpty() ? "nothing" : String.join(", ", decision)));
    String next = StatusCommand.next(why);
    out.println("Next:      " + (next.isEmpty() ? "-" : next));
    String look = StatusCommand.text(why, "lookAgainIn");
    out.println("Decides:   on every change" + (look.isEmpty() ? "" : ", and in " + look));
    why.path("problems")
        .forEach(problem ->
            out.println(
                "Problem:   "
                    + StatusCommand.text(problem, "reason")
                    + ": "
                    + StatusCommand.text(problem, "message")));
    out.println();
    Table table = new Table("MAY SLEEP", "GATE", "DETAIL");
    for (JsonNode gate : why.path("gates")) {
      String opens = StatusCommand.text(gate, "opensAt");
      table.add(
          gate.path("open").asBoolean(false) ? "yes" : "no",
          StatusCommand.text(gate, "name"),
          StatusCommand.text(gate, "detail")
              + (opens.isEmpty() ? "" : " (opens at " + opens + ")"));
    }
    table.print(out);
  }
}
