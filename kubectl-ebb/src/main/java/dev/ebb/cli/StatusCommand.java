package dev.ebb.cli;

import java.io.PrintWriter;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code kubectl ebb status}. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = "Show Ebb's services, and what each workload does, what comes next and why.")
final class StatusCommand implements Callable<Integer> {

  private static final String SERVICES =
      "jsonpath={range .items[*]}{.metadata.name}"
          + " {.status.readyReplicas}/{.spec.replicas}{\"\\n\"}{end}";

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Access access = new Access();
  @Mixin private Where where = new Where();
  @Mixin private Output output = new Output();

  @Option(
      names = {"-A", "--all-namespaces"},
      description = "Of all namespaces")
  private boolean all;

  @Override
  public Integer call() {
    Kubectl kubectl = access.kubectl();
    CompletableFuture<Kubectl.Result> services =
        CompletableFuture.supplyAsync(
            () ->
                kubectl.tryRun(
                    "get",
                    "deployments",
                    "-n",
                    access.ebbNamespace(),
                    "-l",
                    "app.kubernetes.io/part-of=ebb,app.kubernetes.io/instance=" + access.release(),
                    "-o",
                    SERVICES),
            Thread::startVirtualThread);
    CompletableFuture<String> namespace =
        CompletableFuture.supplyAsync(
            () -> all ? "" : where.namespace(kubectl), Thread::startVirtualThread);
    Map<Kind, JsonNode> answers = new EnumMap<>(Kind.class);
    try (Connections apis = new Connections(access)) {
      for (Kind kind : installed(access.release(), services.join())) {
        answers.put(kind, apis.of(kind).get(kind.list(namespace.join())));
      }
    }
    output.print(
        spec.commandLine().getOut(),
        together(answers),
        out -> {
          services(out, services.join());
          tables(out, answers, namespace.join(), all);
        });
    return CommandLine.ExitCode.OK;
  }

  /** What can be asked for; where Ebb's Deployments may not be seen, what every Ebb has. */
  static List<Kind> installed(String release, Kubectl.Result services) {
    List<String> names =
        services.ok()
            ? services.out().lines().map(line -> line.replaceFirst(" .*", "")).toList()
            : List.of();
    List<Kind> found =
        Stream.of(Kind.values())
            .filter(kind -> names.contains(release + "-" + kind.service()))
            .toList();
    return found.isEmpty() ? List.of(Kind.SCALED_RESOURCE) : found;
  }

  /** All in one list, each with its kind. */
  static JsonNode together(Map<Kind, JsonNode> answers) {
    ArrayNode all = JsonMapper.shared().createArrayNode();
    answers.forEach((kind, list) -> {
      for (JsonNode one : list) {
        all.add(
            JsonMapper.shared()
                .createObjectNode()
                .put("kind", kind.title())
                .setAll((ObjectNode) one));
      }
    });
    return all;
  }

  private static void tables(
      PrintWriter out, Map<Kind, JsonNode> answers, String namespace, boolean all) {
    boolean first = true;
    for (Map.Entry<Kind, JsonNode> answer : answers.entrySet()) {
      boolean others = answer.getKey() != Kind.SCALED_RESOURCE;
      if (!first && !answer.getValue().isEmpty()) {
        out.println();
      }
      first &= others && answer.getValue().isEmpty();
      switch (answer.getKey()) {
        case SCALED_RESOURCE -> resources(out, answer.getValue(), namespace, all);
        case SERVICE_SCALER, SCALING_SCHEDULE ->
            Schedules.list(out, answer.getKey(), answer.getValue(), all);
        case SCALE_DOWN_CLEANUP -> Cleanups.list(out, answer.getValue(), all);
        case SERVICE_POOL -> Pools.list(out, answer.getValue(), all);
        case NODE_BUFFER -> Buffers.list(out, answer.getValue(), all);
      }
    }
  }

  /** Who may not see Ebb's Deployments sees the workloads all the same. */
  static void services(PrintWriter out, Kubectl.Result result) {
    if (!result.ok() || result.out().isBlank()) {
      return;
    }
    Table table = new Table("SERVICE", "READY");
    result
        .out()
        .lines()
        .map(line -> line.split(" ", 2))
        .filter(cells -> cells.length == 2)
        .forEach(
            cells -> table.add(cells[0], cells[1].startsWith("/") ? "0" + cells[1] : cells[1]));
    table.print(out);
    out.println();
  }

  static void resources(PrintWriter out, JsonNode list, String namespace, boolean all) {
    if (list.isEmpty()) {
      out.println(
          "No ScaledResources "
              + (all ? "in any namespace." : "in namespace " + namespace + ".")
              + " Make one with: kubectl annotate deployment NAME ebb.dev/scale-to-zero=10m");
      return;
    }
    Table table =
        all
            ? new Table("NAMESPACE", "NAME", "TARGET", "STATE", "REPLICAS", "NEXT", "WHY")
            : new Table("NAME", "TARGET", "STATE", "REPLICAS", "NEXT", "WHY");
    for (JsonNode one : list) {
      String[] cells = {
        text(one, "name"),
        text(one, "target"),
        state(one),
        text(one, "replicas"),
        next(one),
        text(one, "message")
      };
      if (all) {
        String[] more = new String[cells.length + 1];
        more[0] = text(one, "namespace");
        System.arraycopy(cells, 0, more, 1, cells.length);
        table.add(more);
      } else {
        table.add(cells);
      }
    }
    table.print(out);
  }

  private static String state(JsonNode one) {
    String mode = text(one, "mode");
    String state = text(one, "state");
    if (mode.equals("Paused") || mode.equals("Observe")) {
      return state + " (" + mode.toLowerCase(java.util.Locale.ROOT) + ")";
    }
    return one.path("frozen").asBoolean(false) ? state + " (frozen)" : state;
  }

  /** What comes next, as in {@code Asleep (IdleAfter)}. */
  static String next(JsonNode one) {
    JsonNode next = one.path("next");
    String to = text(next, "to");
    String at = text(next, "at");
    String when = at.isEmpty() ? text(next, "reason") : at;
    return when.isEmpty() ? to : to + " (" + when + ")";
  }

  static String text(JsonNode node, String field) {
    return node.path(field).asString("");
  }
}
