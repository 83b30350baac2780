package dev.ebb.nodescaler.config;

import dev.ebb.nodescaler.api.Resources;
import dev.ebb.nodescaler.config.KubescalerSettings.MistakesException;
import dev.ebb.nodescaler.config.KubescalerSettings.Setting;
import dev.ebb.runtime.model.LabelQuery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.springframework.core.env.Environment;

/**
 * Reads kubescaler's keys. The environment has their order: flags come before variables, those
 * before {@code config.yaml}. Not thread-safe.
 */
final class KubescalerReader {

  /** The fewest of a number without a unit that can only be meant as thousandths of a core. */
  private static final long THOUSANDTHS = 100;

  /** The most of a number without a unit that can only be meant as cores. */
  private static final long CORES = 9;

  private static final Set<Setting> SHARED =
      EnumSet.of(
          Setting.CLOUD_PROVIDER,
          Setting.CLOUD_PROVIDER_TOKEN,
          Setting.CLUSTER_KUBE_CONFIG_MASTER_URL,
          Setting.CLUSTER_KUBE_CONFIG_PATH);

  private final Environment environment;
  private final Set<String> providers;
  private final List<String> mistakes = new ArrayList<>();

  private KubescalerReader(Environment environment, Set<String> providers) {
    this.environment = environment;
    this.providers = providers;
  }

  /**
   * Reads all keys.
   *
   * @param providers the names of the clouds that there are
   * @throws MistakesException which names all mistakes and not only the first
   */
  static KubescalerSettings read(Environment environment, Set<String> providers) {
    return new KubescalerReader(environment, providers).settings();
  }

  /**
   * Returns whether somebody has configured kubescaler's buffer. A token, a provider and a way to
   * the API server are also what NodeBuffers need: they alone make none.
   */
  static boolean configured(Environment environment) {
    return Arrays.stream(Setting.values())
        .filter(key -> !SHARED.contains(key))
        .anyMatch(key -> !environment.getProperty(key.text(), "").isBlank());
  }

  /** Puts a flag and its value together, as in {@code --cluster-name games}. */
  static String[] joined(String... arguments) {
    List<String> joined = new ArrayList<>();
    for (int i = 0; i < arguments.length; i++) {
      boolean flag =
          arguments[i].startsWith("--") && Setting.of(arguments[i].substring(2)).isPresent();
      if (flag && i + 1 < arguments.length) {
        joined.add(arguments[i] + "=" + arguments[++i]);
      } else {
        joined.add(arguments[i]);
      }
    }
    return joined.toArray(String[]::new);
  }

  private KubescalerSettings settings() {
    String provider = text(Setting.CLOUD_PROVIDER);
    if (!providers.contains(provider)) {
      mistake(Setting.CLOUD_PROVIDER, "there is no " + provider + "; it is one of " + providers);
    }
    required(Setting.CLOUD_PROVIDER_TOKEN);
    String cluster = required(Setting.CLUSTER_NAME);
    String pool = required(Setting.NODE_POOL_NAME);
    String label = required(Setting.SERVER_POD_LABEL_NAME);
    String selector = text(Setting.NODE_SELECTOR);
    if (!selector.isEmpty() && !LabelQuery.parse(selector).readable()) {
      mistake(Setting.NODE_SELECTOR, selector + " is no label selector, as in role=scalable");
    }
    int min = number(Setting.MINIMUM_NODE_POOL_SIZE, 0);
    int max = number(Setting.MAXIMUM_NODE_POOL_SIZE, 1);
    if (max < min && max >= 1 && min >= 0) {
      mistake(Setting.MAXIMUM_NODE_POOL_SIZE, max + " is less than the minimum " + min);
    }
    int buffer = number(Setting.BUFFER_SLOT_SIZE, 0);
    int tick = number(Setting.SCALE_LOOP_TICK_SEC, 1);
    int expiration = number(Setting.EMPTY_NODE_EXPIRATION_SEC, 0);
    long slot = cpu();
    if (!mistakes.isEmpty()) {
      throw new MistakesException(mistakes);
    }
    return new KubescalerSettings(
        KubescalerSettings.pool(provider, cluster, pool),
        selector,
        text(Setting.CLUSTER_KUBE_CONFIG_MASTER_URL),
        text(Setting.CLUSTER_KUBE_CONFIG_PATH),
        label,
        text(Setting.SERVER_POD_LABEL_VALUE),
        Duration.ofSeconds(tick),
        KubescalerSettings.rules(
            Resources.of(Resources.CPU, slot), buffer, min, max, Duration.ofSeconds(expiration)));
  }

  private String text(Setting key) {
    return environment.getProperty(key.text(), key.otherwise()).strip();
  }

  private String required(Setting key) {
    String value = text(key);
    if (value.isEmpty()) {
      mistake(key, "is required");
    }
    return value;
  }

  private int number(Setting key, int least) {
    String value = text(key);
    if (!value.matches("-?[0-9]{1,9}")) {
      mistake(key, value + " is no whole number");
      return -1;
    }
    int number = Integer.parseInt(value);
    if (number < least) {
      mistake(key, number + " is less than " + least);
    }
    return number;
  }

  /**
   * Kubescaler took bare numbers for thousandths of a core, Kubernetes takes them for cores. What
   * can be meant only one way is read so; in between the user has to say it.
   */
  private long cpu() {
    Setting key = Setting.SERVER_CPU_RESOURCE_REQUEST;
    String value = text(key);
    long amount = Resources.parse(value).orElse(-1L);
    if (amount <= 0) {
      mistake(key, value + " is no amount of CPU, as in 500m or 1");
      return 0;
    }
    if (!value.matches("[0-9]+")) {
      return amount;
    }
    long bare = amount / 1000;
    if (bare > CORES && bare < THOUSANDTHS) {
      mistake(key, "%1$s may be cores or thousandths: write %1$sm or %1$s000m".formatted(value));
    }
    return bare >= THOUSANDTHS ? bare : amount;
  }

  private void mistake(Setting key, String what) {
    mistakes.add(key.text() + ": " + what);
  }
}
