package dev.ebb.selector.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The chart that is installed in 3S's place has the values of the one in the suite. */
class ChartTest {

  private static final Path CHARTS = Path.of("../charts");

  private static Map<String, Object> values(String chart) throws IOException {
    return new Yaml(new SafeConstructor(new LoaderOptions()))
        .load(Files.readString(CHARTS.resolve(chart).resolve("values.yaml")));
  }

  @Test
  void itsValuesAreTheServicesAndThoseOfAll() throws IOException {
    Map<String, Object> expected = new LinkedHashMap<>(values("ebb/charts/selector-operator"));
    expected.remove("enabled");
    Map<?, ?> all = (Map<?, ?>) values("ebb").get("global");
    Map<Object, Object> global = new LinkedHashMap<>(all);
    global.remove("scaleTargets");
    expected.put("global", global);

    assertThat(values("3s")).isEqualTo(expected);
  }
}
