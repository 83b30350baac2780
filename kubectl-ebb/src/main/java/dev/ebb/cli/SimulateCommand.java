package dev.ebb.cli;

import dev.ebb.cli.Kind.Named;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/** {@code kubectl ebb simulate}. */
@Command(
    name = "simulate",
    mixinStandardHelpOptions = true,
    description = {
      "Show what ScalingSchedules will do: each change, a chart of the bounds, and the windows that do",
      "nothing."
    })
final class SimulateCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Names names = new Names();

  @Option(
      names = "--from",
      paramLabel = "INSTANT",
      description = "The beginning, as in 2026-10-01T12:00:00Z; without it now")
  private @Nullable String from;

  @Option(
      names = "--to",
      paramLabel = "INSTANT",
      description = "The end, 400 days later at most; without it a week later")
  private @Nullable String to;

  @Override
  public Integer call() {
    List<Named> list = names.list();
    for (Named name : list) {
      if (name.kind() != Kind.SCALING_SCHEDULE) {
        throw new ParameterException(
            spec.commandLine(),
            "NAME: %s is a %s; simulate is for ScalingSchedules, as in ssched/%s"
                .formatted(name.shown(), name.kind().title(), name.name()));
      }
    }
    String namespace = names.where().namespace(names.access().kubectl());
    ArrayNode answers = JsonMapper.shared().createArrayNode();
    try (Connections apis = new Connections(names.access())) {
      for (Named name : list) {
        String path = name.path(namespace) + "/simulate" + query();
        answers.add(apis.of(name.kind()).get(path));
      }
    }
    JsonNode shown = answers.size() == 1 ? answers.get(0) : answers;
    names
        .output()
        .print(
            spec.commandLine().getOut(),
            shown,
            out -> {
              for (int i = 0; i < answers.size(); i++) {
                if (answers.size() > 1) {
                  out.println(list.get(i).shown());
                }
                Timeline.print(out, answers.get(i));
              }
            });
    return CommandLine.ExitCode.OK;
  }

  private String query() {
    List<String> parts = new ArrayList<>();
    if (from != null) {
      parts.add("from=" + URLEncoder.encode(from, StandardCharsets.UTF_8));
    }
    if (to != null) {
      parts.add("to=" + URLEncoder.encode(to, StandardCharsets.UTF_8));
    }
    return parts.isEmpty() ? "" : "?" + String.join("&", parts);
  }
}
