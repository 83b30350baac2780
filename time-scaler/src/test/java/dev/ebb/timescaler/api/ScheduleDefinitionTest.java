package dev.ebb.timescaler.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.runtime.config.RuntimeAutoConfiguration;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.model.Condition;
import dev.ebb.timeplan.LabelSelector;
import dev.ebb.timeplan.ScheduleSpec;
import dev.ebb.timeplan.ScheduleSpec.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The records and the definition of ScalingSchedules have the same fields. */
class ScheduleDefinitionTest {

  private static final JsonMapper JSON = RuntimeAutoConfiguration.kubernetesJson();

  @Test
  void theRecordsHaveTheFieldsOfTheDefinition() throws IOException {
    Setting set = new Setting(1L, 2L, 3L, 4L, true);
    LabelSelector labels =
        new LabelSelector(Map.of(), List.of(new LabelSelector.Term("k", "In", List.of("v"))));
    ScalingSchedule full =
        new ScalingSchedule(
            Meta.named("ns", "hours"),
            new ScheduleSpec(
                new ScheduleSpec.TargetRef("a", "k", "n"),
                new ScheduleSpec.TargetSelector("a", "k", labels, labels),
                "z",
                set,
                List.of(
                    new ScheduleSpec.WindowSpec(
                        "n",
                        1L,
                        "z",
                        new ScheduleSpec.Daily("f", "t", List.of("Mon")),
                        new ScheduleSpec.Cron("s", "d"),
                        new ScheduleSpec.Once("f", "t"),
                        List.of("e"),
                        set)),
                new ScheduleSpec.RampSpec("d", 6L),
                new ScheduleSpec.Override("u", set),
                "Enforce",
                List.of()),
            new ScalingSchedule.Status(
                1L,
                "t",
                new ScalingSchedule.Targets(
                    2L, 1L, List.of(new ScalingSchedule.Other("ns", "n", "r", "m"))),
                "w",
                set,
                new ScalingSchedule.Next("a", "t"),
                "l",
                List.of(new Condition("a", "b", "c", "d", 1L, Instant.EPOCH))));

    JsonNode written = JSON.valueToTree(full);

    JsonNode schema = schema().path("properties");
    assertThat(DefinitionTest.fields("", written.path("spec")))
        .isEqualTo(DefinitionTest.properties("", schema.path("spec")));
    assertThat(DefinitionTest.fields("", written.path("status")))
        .isEqualTo(DefinitionTest.properties("", schema.path("status")));
    assertThat(JSON.treeToValue(written, ScalingSchedule.class)).isEqualTo(full);
  }

  private static JsonNode schema() throws IOException {
    Path file = Path.of("../charts/ebb/charts/crds/files/scalingschedules.ebb.dev.yaml");
    Object yaml = new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
    return JSON.valueToTree(yaml)
        .path("spec")
        .path("versions")
        .path(0)
        .path("schema")
        .path("openAPIV3Schema");
  }
}
