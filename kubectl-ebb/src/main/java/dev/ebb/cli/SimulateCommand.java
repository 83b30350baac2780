package dev.ebb.cli;

import dev.ebb.cli.Kind.Named;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/** {@code kubectl ebb simulate}. */
@Command(
    name = "simulate",
    mixinStandardHelpOptions = true,
    description = {
      "Show what ScalingSchedules will do: each change, a chart of the bounds, and what is wrong: windows",
      "that want different things at the same time, and those that do nothing. Without a cluster by -f;",
      "fields that a file does not set are then those of its target, which is not known, and stay empty.",
      "With --pods: show which pod each Service of ServicePools would point at.",
      "Of NodeBuffers, as in nbuf/arena: show what would be done with --servers more, --at another time."
    })
final class SimulateCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Access access = new Access();
  @Mixin private Where where = new Where();
  @Mixin private Output output = new Output();

  @Parameters(
      arity = "0..*",
      paramLabel = "NAME",
      description =
          "ScalingSchedules, as in ssched/shop; NodeBuffers, as in nbuf/arena; with --pods ServicePools")
  private List<String> names = List.of();

  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE",
      description = "Manifests in place of NAME; - for standard input. No cluster is asked")
  private List<String> files = List.of();

  @Option(
      names = "--check",
      description =
          "Exit with 1 when a schedule makes no sense, conflicts, or has a window without an effect")
  private boolean check;

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

  @Option(
      names = "--pods",
      paramLabel = "N",
      description = "Of ServicePools: with so many pods, all of them ready")
  private @Nullable Integer pods;

  @Option(
      names = "--servers",
      paramLabel = "N",
      description = "Of NodeBuffers: with so many more servers that wait for a node")
  private @Nullable Integer servers;

  @Option(
      names = "--at",
      paramLabel = "INSTANT",
      description = "Of NodeBuffers: at this time, as in 2026-12-24T20:00:00Z; without it now")
  private @Nullable String at;

  @Override
  public Integer call() {
    if (names.isEmpty() == files.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "name ScalingSchedules, as in ssched/shop, or give a file with -f");
    }
    if (pods != null && names.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "--pods: is for ServicePools of a cluster, as in svcpool/cache");
    }
    if ((servers != null || at != null) && names.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "--servers and --at: are for NodeBuffers of a cluster, as in nbuf/arena");
    }
    Map<String, JsonNode> answers = files.isEmpty() ? asked() : read();
    List<JsonNode> all = List.copyOf(answers.values());
    ArrayNode list = JsonMapper.shared().createArrayNode();
    all.forEach(list::add);
    output.print(
        spec.commandLine().getOut(),
        all.size() == 1 ? all.getFirst() : list,
        out ->
            answers.forEach((name, answer) -> {
              if (answers.size() > 1) {
                out.println(name);
              }
              if (pods != null) {
                Pools.simulation(out, answer);
                return;
              }
              if (wanted() == Kind.NODE_BUFFER) {
                Buffers.simulation(out, answer);
                return;
              }
              Timeline.print(out, answer);
              answer.path("findings").forEach(finding -> out.println(finding.asString("")));
            }));
    boolean flawed =
        all.stream()
            .anyMatch(answer ->
                Stream.of("findings", "overlaps", "dead")
                    .anyMatch(part -> !answer.path(part).isEmpty()));
    return check && flawed ? 1 : CommandLine.ExitCode.OK;
  }

  private Map<String, JsonNode> read() {
    Map<String, JsonNode> answers = new LinkedHashMap<>();
    for (String file : files) {
      answers.putAll(ScheduleFile.simulate(file, Span.of(spec, from, to)));
    }
    return answers;
  }

  private Map<String, JsonNode> asked() {
    List<Named> list = names.stream().map(name -> Names.named(spec, name)).toList();
    list.forEach(this::demand);
    String namespace = where.namespace(access.kubectl());
    Map<String, JsonNode> answers = new LinkedHashMap<>();
    try (Connections apis = new Connections(access)) {
      for (Named name : list) {
        String path = name.path(namespace) + "/simulate" + query();
        answers.put(name.shown(), apis.of(name.kind()).get(path));
      }
    }
    return answers;
  }

  /** The time that is looked at. */
  record Span(Instant from, Instant to) {

    private static final Duration USUAL = Duration.ofDays(7);
    private static final Duration LONGEST = Duration.ofDays(400);

    private static Span of(CommandSpec spec, @Nullable String from, @Nullable String to) {
      Instant start =
          from == null
              ? Instant.now().truncatedTo(ChronoUnit.SECONDS)
              : instant(spec, "--from", from);
      Instant end = to == null ? start.plus(USUAL) : instant(spec, "--to", to);
      if (!end.isAfter(start) || Duration.between(start, end).compareTo(LONGEST) > 0) {
        throw new ParameterException(
            spec.commandLine(),
            "--to: must be after --from, by %d days at most".formatted(LONGEST.toDays()));
      }
      return new Span(start, end);
    }

    private static Instant instant(CommandSpec spec, String option, String text) {
      try {
        return OffsetDateTime.parse(text).toInstant();
      } catch (DateTimeException e) {
        throw new ParameterException(
            spec.commandLine(), option + ": is no instant; write it as in 2026-10-01T12:00:00Z");
      }
    }
  }

  /** What the words are about: the first name says it where no option does. */
  private Kind wanted() {
    if (pods != null) {
      return Kind.SERVICE_POOL;
    }
    boolean buffers =
        servers != null
            || at != null
            || (!names.isEmpty() && Names.named(spec, names.getFirst()).kind() == Kind.NODE_BUFFER);
    return buffers ? Kind.NODE_BUFFER : Kind.SCALING_SCHEDULE;
  }

  private void demand(Named name) {
    if (name.kind() != wanted()) {
      throw new ParameterException(
          spec.commandLine(),
          "NAME: %s is a %s; simulate is for ScalingSchedules, as in ssched/%s, and with --pods for"
                  .formatted(name.shown(), name.kind().title(), name.name())
              + " ServicePools, as in svcpool/%1$s, and for NodeBuffers, as in nbuf/%1$s"
                  .formatted(name.name()));
    }
  }

  private String query() {
    List<String> parts = new ArrayList<>();
    if (pods != null) {
      parts.add("pods=" + pods);
    }
    if (servers != null) {
      parts.add("servers=" + servers);
    }
    if (at != null) {
      parts.add("at=" + URLEncoder.encode(at, StandardCharsets.UTF_8));
    }
    if (from != null) {
      parts.add("from=" + URLEncoder.encode(from, StandardCharsets.UTF_8));
    }
    if (to != null) {
      parts.add("to=" + URLEncoder.encode(to, StandardCharsets.UTF_8));
    }
    return parts.isEmpty() ? "" : "?" + String.join("&", parts);
  }
}
