package dev.ebb.nodescaler.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ebb.nodescaler.api.Resources;
import dev.ebb.nodescaler.config.KubescalerSettings.MistakesException;
import dev.ebb.nodescaler.config.KubescalerSettings.Setting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;

/** Kubescaler's keys, from where kubescaler took them. */
class KubescalerReaderTest {

  private static final Map<String, Object> NEEDED =
      Map.of(
          "CLOUD_PROVIDER_TOKEN", "secret",
          "CLUSTER_NAME", "games",
          "NODE_POOL_NAME", "pool",
          "SERVER_POD_LABEL_NAME", "session",
          "SERVER_POD_LABEL_VALUE", "dedicated-server",
          "SERVER_CPU_RESOURCE_REQUEST", "1000");

  private static KubescalerSettings read(
      Map<String, Object> variables, String yaml, String... flags) {
    StandardEnvironment environment = new StandardEnvironment();
    MutablePropertySources sources = environment.getPropertySources();
    Arrays.stream(new String[] {"systemProperties", "systemEnvironment"}).forEach(sources::remove);
    sources.addLast(new SimpleCommandLinePropertySource("flags", KubescalerReader.joined(flags)));
    sources.addLast(new SystemEnvironmentPropertySource("variables", variables));
    try {
      new YamlPropertySourceLoader()
          .load("file", new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)))
          .forEach(sources::addLast);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return KubescalerReader.read(environment, Set.of("digitalocean"));
  }

  private static Map<String, Object> with(String key, String value) {
    Map<String, Object> variables = new HashMap<>(NEEDED);
    variables.put(key, value);
    return variables;
  }

  @Test
  void defaultsAreKubescalers() {
    KubescalerSettings settings = read(NEEDED, "");

    assertThat(settings.pool().settings())
        .containsOnly(Map.entry("cluster", "games"), Map.entry("pool", "pool"));
    assertThat(settings.rules().min()).isEqualTo(2);
    assertThat(settings.rules().max()).isEqualTo(3);
    assertThat(settings.rules().slots()).isEqualTo(4);
    assertThat(settings.rules().shrinking().unneededFor()).isEqualTo(Duration.ofMinutes(2));
    assertThat(settings.tick()).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.nodeSelector()).isEmpty();
    assertThat(settings.toString()).doesNotContain("secret");
  }

  @Test
  void readsKubescalersExampleFile() {
    KubescalerSettings settings =
        read(
            Map.of("CLOUD_PROVIDER_TOKEN", "secret"),
            """
            cloud-provider: "digitalocean"
            cluster-name: "games"
            node-pool-name: "pool"
            node-selector: "role=scalable"
            minimum-node-pool-size: 2
            maximum-node-pool-size: 4
            server-pod-label-name: "session"
            server-pod-label-value: "dedicated-server"
            buffer-slot-size: 4
            scale-loop-tick-sec: 1
            server-cpu-resource-request: 1000
            empty-node-expiration-sec: 120
            """);

    assertThat(settings.rules().max()).isEqualTo(4);
    assertThat(settings.rules().slot()).isEqualTo(Resources.of(Resources.CPU, 1000));
    assertThat(settings.nodeSelector()).isEqualTo("role=scalable");
    assertThat(settings.label() + "=" + settings.value()).isEqualTo("session=dedicated-server");
  }

  @Test
  void everyKeyIsRead() {
    for (Setting key : Setting.values()) {
      String bad =
          switch (key) {
            case CLOUD_PROVIDER_TOKEN, CLUSTER_NAME, NODE_POOL_NAME, SERVER_POD_LABEL_NAME -> "";
            case NODE_SELECTOR -> "a in (";
            default -> "none";
          };
      Map<String, Object> variables = with(key.name(), bad);
      switch (key) {
        case CLUSTER_KUBE_CONFIG_MASTER_URL ->
            assertThat(read(variables, "").masterUrl()).isEqualTo("none");
        case CLUSTER_KUBE_CONFIG_PATH ->
            assertThat(read(variables, "").kubeconfig()).isEqualTo("none");
        case SERVER_POD_LABEL_VALUE -> assertThat(read(variables, "").value()).isEqualTo("none");
        default ->
            assertThat(mistakes(variables))
                .as(key.text())
                .singleElement()
                .asString()
                .startsWith(key.text() + ": ");
      }
    }
    assertThat(Setting.values()).hasSize(15);
  }

  private static java.util.List<String> mistakes(Map<String, Object> variables) {
    return catchThrowableOfType(MistakesException.class, () -> read(variables, "")).mistakes();
  }

  /** CFG1: kubescaler died of the first. */
  @Test
  void namesAllMistakesAtOnce() {
    assertThat(
            mistakes(
                Map.of(
                    "MINIMUM_NODE_POOL_SIZE", "-1",
                    "SCALE_LOOP_TICK_SEC", "0",
                    "SERVER_CPU_RESOURCE_REQUEST", "0",
                    "BUFFER_SLOT_SIZE", "four")))
        .containsExactly(
            "cloud-provider-token: is required",
            "cluster-name: is required",
            "node-pool-name: is required",
            "server-pod-label-name: is required",
            "minimum-node-pool-size: -1 is less than 0",
            "buffer-slot-size: four is no whole number",
            "scale-loop-tick-sec: 0 is less than 1",
            "server-cpu-resource-request: 0 is no amount of CPU, as in 500m or 1");
  }

  @Test
  void theMaximumIsNotLessThanTheMinimum() {
    assertThat(mistakes(with("MAXIMUM_NODE_POOL_SIZE", "1")))
        .containsExactly("maximum-node-pool-size: 1 is less than the minimum 2");
  }

  /** CFG2, and what Kubernetes' users write. */
  @ParameterizedTest
  @CsvSource({
    "500m, 500",
    "1, 1000",
    "0.5, 500",
    "2000m, 2000",
    "1m, 1",
    "1000, 1000",
    "0100, 100"
  })
  void cpuIsReadAsKubernetesDoes(String text, long thousandths) {
    assertThat(read(with("SERVER_CPU_RESOURCE_REQUEST", text), "").rules().slot())
        .isEqualTo(Resources.of(Resources.CPU, thousandths));
  }

  @Test
  void whatMayMeanTwoThingsIsAMistake() {
    assertThat(mistakes(with("SERVER_CPU_RESOURCE_REQUEST", "50")))
        .containsExactly(
            "server-cpu-resource-request: 50 may be cores or thousandths: write 50m or 50000m");
  }

  /** CFG3. */
  @Test
  void flagsComeBeforeVariablesAndThoseBeforeTheFile() {
    Map<String, Object> variables = with("SERVER_CPU_RESOURCE_REQUEST", "500");
    String file = "server-cpu-resource-request: 250\nbuffer-slot-size: 9";

    assertThat(read(variables, file, "--server-cpu-resource-request", "1000").rules())
        .extracting(rules -> rules.slot().amount(Resources.CPU), rules -> rules.slots())
        .containsExactly(1000L, 9);
    assertThat(read(variables, file, "--buffer-slot-size=7").rules())
        .extracting(rules -> rules.slot().amount(Resources.CPU), rules -> rules.slots())
        .containsExactly(500L, 7);
  }
}
