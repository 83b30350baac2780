package dev.ebb.cleanup.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The flags of statefulset-scaledown-controller, as Go reads them: one dash or two, the value after
 * {@code =} or in the next word, a switch without any. Those that have no meaning any more are
 * accepted and told. Whatever else stands there is Spring's.
 */
public final class Flags {

  private static final Logger log = LoggerFactory.getLogger(Flags.class);
  private static final Set<String> SWITCHES =
      Set.of("localOnly", "leader-elect", "logtostderr", "alsologtostderr");
  private static final Set<String> VALUES =
      Set.of(
          "kubeconfig",
          "master",
          "namespace",
          "leader-elect-lease-duration",
          "leader-elect-renew-deadline",
          "leader-elect-retry-period",
          "leader-elect-resource-lock",
          "leader-election-namespace",
          "v",
          "stderrthreshold",
          "vmodule",
          "log_dir",
          "log_backtrace_at");

  private Flags() {}

  /**
   * Returns the words for Spring.
   *
   * @param environment tells the own namespace
   */
  public static String[] of(String[] words, Map<String, String> environment) {
    List<String> spring = new ArrayList<>();
    boolean localOnly = false;
    String namespace = environment.getOrDefault("POD_NAMESPACE", "default");
    for (int i = 0; i < words.length; i++) {
      String word = words[i];
      String name = word.replaceFirst("^--?", "").replaceFirst("=.*", "");
      boolean flag = word.startsWith("-") && (SWITCHES.contains(name) || VALUES.contains(name));
      if (!flag) {
        spring.add(word);
        continue;
      }
      int equals = word.indexOf('=');
      String value;
      if (equals >= 0) {
        value = word.substring(equals + 1);
      } else if (SWITCHES.contains(name)) {
        value = "true";
      } else {
        value = i + 1 < words.length ? words[++i] : "";
      }
      switch (name) {
        case "localOnly" -> localOnly = value.equals("true") || value.equals("1");
        case "namespace" -> namespace = value.isEmpty() ? namespace : value;
        case "kubeconfig" -> spring.add("--ebb.kubeconfig=" + value);
        default -> log.info("flag {} has no meaning any more and is left out", name);
      }
    }
    if (localOnly) {
      spring.add("--ebb.watch-namespaces=" + namespace);
    }
    return spring.toArray(String[]::new);
  }
}
