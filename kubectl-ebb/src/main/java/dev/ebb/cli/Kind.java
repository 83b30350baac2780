package dev.ebb.cli;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The resources that verbs can be asked of, and the service that answers for each. */
enum Kind {
  /** Sleeps and wakes. */
  SCALED_RESOURCE("ScaledResource", "autoscaler", "scaledresources", "", "sr"),
  /** Lets an HPA follow the clock. */
  SERVICE_SCALER("ServiceScaler", "time-scaler", "servicescalers", "ss/", "ss"),
  /** Lets an HPA or a ScaledResource follow the clock. */
  SCALING_SCHEDULE("ScalingSchedule", "time-scaler", "scalingschedules", "ssched/", "ssched"),
  /** An ordinal that a StatefulSet was scaled away from. */
  SCALE_DOWN_CLEANUP("ScaleDownCleanup", "cleanup-controller", "scaledowncleanups", "sdc/", "sdc"),
  /** Points Services at the pods of a set. */
  SERVICE_POOL("ServicePool", "selector-operator", "servicepools", "svcpool/", "svcpool"),
  /** Keeps nodes ready for the next servers. */
  NODE_BUFFER("NodeBuffer", "node-scaler", "nodebuffers", "nbuf/", "nbuf");

  /** Those that can be paused. */
  static final Set<Kind> PAUSED_BY_MODE =
      Set.of(SCALED_RESOURCE, SERVICE_SCALER, SCALING_SCHEDULE, SERVICE_POOL, NODE_BUFFER);

  private final String title;
  private final String service;
  private final String plural;
  private final String prefix;
  private final Pattern prefixes;

  Kind(String title, String service, String plural, String prefix, String shortName) {
    this.title = title;
    this.service = service;
    this.plural = plural;
    this.prefix = prefix;
    String singular = plural.substring(0, plural.length() - 1);
    this.prefixes = Pattern.compile("(?:" + shortName + "|" + singular + "s?(?:\\.[a-z.]+)?)/(.*)");
  }

  /** How it is written in manifests. */
  String title() {
    return title;
  }

  /** The service of Ebb's that answers for it. */
  String service() {
    return service;
  }

  /** The path of a list. */
  String list(String namespace) {
    return "/api/v1" + (namespace.isEmpty() ? "" : "/namespaces/" + namespace) + "/" + plural;
  }

  /** Says a name as it can be given to a verb. */
  String shown(String name) {
    return prefix + name;
  }

  /** Reads what a user wrote, as in {@code ss/shop}; without a kind it is a ScaledResource. */
  static Named read(String text) {
    return Stream.of(values())
        .flatMap(kind -> kind.named(text).stream())
        .findFirst()
        .orElseGet(() -> new Named(SCALED_RESOURCE, text));
  }

  private Optional<Named> named(String text) {
    Matcher matcher = prefixes.matcher(text);
    return matcher.matches() ? Optional.of(new Named(this, matcher.group(1))) : Optional.empty();
  }

  /** A resource by its name. */
  record Named(Kind kind, String name) {

    /** The path of its admin API. */
    String path(String namespace) {
      return kind.list(namespace) + "/" + name;
    }

    /** As users see it. */
    String shown() {
      return kind.shown(name);
    }
  }
}
