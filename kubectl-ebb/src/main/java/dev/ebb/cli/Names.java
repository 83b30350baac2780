package dev.ebb.cli;

import static java.util.stream.Collectors.joining;

import dev.ebb.cli.Kind.Named;
import java.util.List;
import java.util.Set;
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

/** Resources by name, and a verb that is asked of each of them. */
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
      description =
          "ScaledResources, as in shop or sr/shop, schedules, as in ssched/shop and ss/shop,"
              + " pools, buffers and cleanups, as in svcpool/shop, nbuf/arena and sdc/shop-2")
  private List<String> names = List.of();

  /** Asks the verb of each; the answers come in one piece. */
  private int ask(String verb, @Nullable JsonNode body) {
    List<Named> plain = list();
    String namespace = where.namespace(access.kubectl());
    ArrayNode answers = JsonMapper.shared().createArrayNode();
    try (Connections apis = new Connections(access)) {
      for (Named name : plain) {
        answers.add(apis.of(name.kind()).post(name.path(namespace) + "/" + verb, body));
      }
    } finally {
      JsonNode shown = plain.size() == 1 && answers.size() == 1 ? answers.get(0) : answers;
      if (!answers.isEmpty()) {
        output.print(
            spec.commandLine().getOut(),
            shown,
            out -> {
              for (int i = 0; i < answers.size(); i++) {
                out.println(
                    plain.get(i).shown() + ": " + answers.get(i).path("message").asString(""));
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

  /** The same of resources of these kinds: others know no such verb. */
  int askOf(Set<Kind> kinds, String verb, @Nullable JsonNode body) {
    for (Named name : list()) {
      if (!kinds.contains(name.kind())) {
        throw new ParameterException(
            spec.commandLine(),
            "NAME: %s is a %s; %s is for %s"
                .formatted(
                    name.shown(),
                    name.kind().title(),
                    verb,
                    kinds.stream().sorted().map(k -> k.title() + "s").collect(joining(" and "))));
      }
    }
    return ask(verb, body);
  }

  /** Reads a name. */
  static Named named(CommandSpec spec, String text) {
    Named named = Kind.read(text);
    if (!NAME.matcher(named.name()).matches()) {
      throw new ParameterException(
          spec.commandLine(),
          "NAME: \"%s\" is not the name of a %s".formatted(text, named.kind().title()));
    }
    return named;
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

  /** Returns the resources. */
  List<Named> list() {
    return names.stream().map(name -> named(spec, name)).toList();
  }
}
