package dev.ebb.cli;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/** ScaledResources by name, and a verb that is asked of each of them. */
final class Names {

  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Mixin private Access access = new Access();
  @Mixin private Where where = new Where();
  @Mixin private Output output = new Output();

  @Parameters(
      arity = "1..*",
      paramLabel = "NAME",
      description = "ScaledResources, as in shop or sr/shop")
  private List<String> names = List.of();

  /** Asks the verb of each; the answers come in one piece. */
  int ask(String verb, @Nullable JsonNode body) {
    List<String> plain = list();
    String namespace = where.namespace(access.kubectl());
    ArrayNode answers = JsonMapper.shared().createArrayNode();
    try (AdminApi api = access.open("autoscaler")) {
      for (String name : plain) {
        answers.add(api.post(path(namespace, name) + "/" + verb, body));
      }
    } finally {
      JsonNode shown = plain.size() == 1 && answers.size() == 1 ? answers.get(0) : answers;
      if (!answers.isEmpty()) {
        output.print(
            spec.commandLine().getOut(),
            shown,
            out -> {
              for (int i = 0; i < answers.size(); i++) {
                out.println(plain.get(i) + ": " + answers.get(i).path("message").asString(""));
                answers
                    .get(i)
                    .path("waitsFor")
                    .forEach(gate -> out.println("  waits for " + gate.asString("")));
              }
            });
      }
    }
    return CommandLine.ExitCode.OK;
  }

  private String plain(String text) {
    String name = text.replaceFirst("^(sr|scaledresources?(\\.ebb\\.dev)?)/", "");
    if (!NAME.matcher(name).matches()) {
      throw new ParameterException(
          spec.commandLine(), "NAME: \"" + text + "\" is not the name of a ScaledResource");
    }
    return name;
  }

  static String path(String namespace, String name) {
    return "/api/v1/namespaces/" + namespace + "/scaledresources/" + name;
  }

  Access access() {
    return access;
  }

  Where where() {
    return where;
  }

  Output output() {
    return output;
  }

  /** Returns the names as they stand in paths. */
  List<String> list() {
    return names.stream().map(this::plain).toList();
  }
}
