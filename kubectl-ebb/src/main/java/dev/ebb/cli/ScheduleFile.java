package dev.ebb.cli;

import dev.ebb.timeplan.Finding;
import dev.ebb.timeplan.ScheduleReading;
import dev.ebb.timeplan.ScheduleSpec;
import dev.ebb.timeplan.Simulation;
import dev.ebb.timeplan.Values;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** What the ScalingSchedules of a manifest would do, by the service's own plan. Stateless. */
final class ScheduleFile {

  private static final String KIND = "ScalingSchedule";
  private static final JsonMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private ScheduleFile() {}

  /**
   * Simulates each of a file; other kinds in it are passed over.
   *
   * @param file its name; {@code -} for standard input
   * @throws CliException when it cannot be read, or holds none
   */
  static Map<String, JsonNode> simulate(String file, SimulateCommand.Span time) {
    Map<String, JsonNode> found = new LinkedHashMap<>();
    try (InputStream in = file.equals("-") ? System.in : Files.newInputStream(Path.of(file));
        MappingIterator<JsonNode> documents =
            new YAMLMapper().readerFor(JsonNode.class).readValues(in)) {
      while (documents.hasNext()) {
        JsonNode object = documents.next();
        for (JsonNode one :
            object.has("items") ? object.path("items") : JSON.createArrayNode().add(object)) {
          if (one.path("kind").asString("").equals(KIND)) {
            found.put("ssched/" + one.path("metadata").path("name").asString("?"), one(one, time));
          }
        }
      }
    } catch (JacksonException e) {
      throw CliException.refused(file + ": " + e.getOriginalMessage());
    } catch (IOException e) {
      throw CliException.refused(file + " cannot be read: " + e.getMessage());
    }
    if (found.isEmpty()) {
      throw CliException.refused(file + " holds no ScalingSchedule");
    }
    return found;
  }

  private static JsonNode one(JsonNode schedule, SimulateCommand.Span time) {
    ScheduleSpec spec = JSON.treeToValue(schedule.path("spec"), ScheduleSpec.class);
    ScheduleReading reading = ScheduleReading.of(spec, fewest(spec));
    ObjectNode shown =
        JSON.valueToTree(Simulation.of(reading, Values.NOTHING, time.from(), time.to()));
    ArrayNode findings = shown.putArray("findings");
    reading.findings().stream().map(Finding::text).forEach(findings::add);
    return shown;
  }

  /** An HPA cannot be told to let nothing run. */
  private static int fewest(ScheduleSpec spec) {
    ScheduleSpec.TargetRef ref = spec.targetRef();
    ScheduleSpec.TargetSelector selector = spec.targetSelector();
    String kind = ref != null ? ref.kind() : selector == null ? null : selector.kind();
    return "HorizontalPodAutoscaler".equals(kind) ? 1 : 0;
  }
}
