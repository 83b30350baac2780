package dev.ebb.benchmarks.cleanup;

import dev.ebb.benchmarks.lab.Lab;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the API server was asked so far, by its own count: reads, which no audit log holds.
 *
 * @param counts how often, by verb and resource
 */
record Requests(Map<String, Double> counts) {

  private static final Pattern LINE =
      Pattern.compile("apiserver_request_total\\{([^}]*)} ([0-9.e+]+)");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");
  private static final Set<String> VERBS = Set.of("GET", "LIST");
  private static final Set<String> RESOURCES =
      Set.of(
          "pods",
          "persistentvolumeclaims",
          "statefulsets",
          "scaledowncleanups",
          "scaledownpolicies");

  /** Asks the API server. */
  static Requests now(Lab lab) {
    return of(lab.kubectl(Lab.NAMESPACE, "get", "--raw", "/metrics"));
  }

  /** Reads its metrics. */
  static Requests of(String metrics) {
    Map<String, Double> counts = new TreeMap<>();
    metrics
        .lines()
        .map(LINE::matcher)
        .filter(Matcher::matches)
        .forEach(line -> {
          Map<String, String> labels = labels(line.group(1));
          String verb = labels.getOrDefault("verb", "");
          String resource = labels.getOrDefault("resource", "");
          if (VERBS.contains(verb) && RESOURCES.contains(resource)) {
            counts.merge(verb + " " + resource, Double.parseDouble(line.group(2)), Double::sum);
          }
        });
    return new Requests(counts);
  }

  private static Map<String, String> labels(String text) {
    Map<String, String> labels = new TreeMap<>();
    Matcher label = LABEL.matcher(text);
    while (label.find()) {
      labels.put(label.group(1), label.group(2));
    }
    return labels;
  }

  /** What was asked since then. */
  Map<String, Double> since(Requests before) {
    Map<String, Double> more = new TreeMap<>(counts);
    before.counts.forEach((what, count) -> more.merge(what, -count, Double::sum));
    more.values().removeIf(count -> count == 0);
    return more;
  }
}
