package dev.ebb.cleanup.plan;

import dev.ebb.cleanup.api.Names;
import dev.ebb.cleanup.api.ScaleDownPolicy.Existing;
import dev.ebb.cleanup.api.ScaleDownPolicy.OnFailure;
import dev.ebb.cleanup.api.ScaleDownPolicy.RequireReady;
import dev.ebb.cleanup.api.StatefulSet;
import dev.ebb.runtime.kube.Ebb;
import dev.ebb.runtime.model.Durations;
import dev.ebb.runtime.model.ScaledResource.Mode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads a policy from a StatefulSet's annotations. What says nothing has the predecessor's meaning,
 * its defects aside. What is not understood keeps its default and is told; only an unknown mode
 * counts as Observe, for it was meant to hold something back.
 */
public final class AnnotatedPolicy {

  private static final String PREFIX = "cleanup-";

  private final Map<String, String> annotations;
  private final List<Finding> findings = new ArrayList<>();

  private AnnotatedPolicy(Map<String, String> annotations) {
    this.annotations = annotations;
  }

  /** Reads; without a template nothing is to be done. */
  public static Policy of(StatefulSet set) {
    return new AnnotatedPolicy(set.metadata().annotations()).read();
  }

  private Policy read() {
    String source =
        text(Names.TEMPLATE) == null && text(Names.OLD_TEMPLATE) != null
            ? Names.OLD_TEMPLATE
            : Names.TEMPLATE;
    return new Policy(
        text(source),
        "annotation " + source,
        word(Ebb.key("mode"), Mode.class, Mode.Enforce, Mode.Observe),
        number("backoff-limit", Policy.BACKOFF_LIMIT, 0),
        deadline(),
        word(Ebb.key(PREFIX + "on-failure"), OnFailure.class, OnFailure.Hold, OnFailure.Hold),
        retry(),
        is("claims", "keep", "delete"),
        word(Ebb.key(PREFIX + "existing"), Existing.class, Existing.Clean, Existing.Report),
        is("on-delete", "clean", "ignore"),
        number("max-parallel", Integer.MAX_VALUE, 1),
        word(
            Ebb.key(PREFIX + "require-ready"),
            RequireReady.class,
            RequireReady.None,
            RequireReady.All),
        !is("first-ordinal", "skip", "clean"),
        is("on-return", "renew", "keep"),
        duration("settle").orElse(Duration.ZERO),
        inherit(),
        !is("stable-name", "false", "true"),
        List.of(),
        findings);
  }

  /** Returns whether an annotation is one of the settings; the mode and what Ebb writes are not. */
  static boolean isSetting(String key) {
    return key.startsWith(Ebb.key(PREFIX))
        && !List.of(Names.BASELINE, Names.RETURNED).contains(key);
  }

  private Policy.Retry retry() {
    Policy.Retry usual = Policy.Retry.USUAL;
    return new Policy.Retry(
        number("retry-limit", usual.limit(), 0), usual.first(), usual.longest());
  }

  private @Nullable String text(String key) {
    String value = annotations.get(key);
    return value == null || value.isBlank() ? null : value.strip();
  }

  private boolean is(String name, String special, String usual) {
    String value = text(Ebb.key(PREFIX + name));
    if (value == null || value.equalsIgnoreCase(usual)) {
      return false;
    }
    if (value.equalsIgnoreCase(special)) {
      return true;
    }
    unknown(Ebb.key(PREFIX + name), value, special + " or " + usual);
    return false;
  }

  private <E extends Enum<E>> E word(String key, Class<E> type, E usual, E cautious) {
    String value = text(key);
    if (value == null) {
      return usual;
    }
    Map<String, E> words =
        Arrays.stream(type.getEnumConstants())
            .collect(Collectors.toMap(e -> e.name().toLowerCase(Locale.ROOT), Function.identity()));
    E found = words.get(value.toLowerCase(Locale.ROOT));
    if (found == null) {
      unknown(key, value, "one of " + words.keySet().stream().sorted().toList());
      return cautious;
    }
    return found;
  }

  private int number(String name, int usual, int least) {
    String value = text(Ebb.key(PREFIX + name));
    if (value == null) {
      return usual;
    }
    if (!value.matches("[0-9]{1,9}") || Integer.parseInt(value) < least) {
      unknown(Ebb.key(PREFIX + name), value, "a number from " + least);
      return usual;
    }
    return Integer.parseInt(value);
  }

  private @Nullable Duration deadline() {
    String seconds = text(Ebb.key(PREFIX + "deadline-seconds"));
    if (seconds == null) {
      return duration("deadline").orElse(null);
    }
    if (!seconds.matches("[0-9]{1,9}") || Integer.parseInt(seconds) == 0) {
      unknown(Ebb.key(PREFIX + "deadline-seconds"), seconds, "a number from 1");
      return null;
    }
    return Duration.ofSeconds(Integer.parseInt(seconds));
  }

  private java.util.Optional<Duration> duration(String name) {
    String value = text(Ebb.key(PREFIX + name));
    if (value == null) {
      return java.util.Optional.empty();
    }
    java.util.Optional<Duration> read = Durations.parse(value);
    if (read.isEmpty()) {
      unknown(Ebb.key(PREFIX + name), value, "a duration as in 10m");
    }
    return read;
  }

  private List<String> inherit() {
    String key = Ebb.key(PREFIX + "inherit");
    String value = annotations.get(key);
    if (value == null) {
      return Policy.INHERITED;
    }
    List<String> words =
        Arrays.stream(value.split(",")).map(String::strip).filter(w -> !w.isEmpty()).toList();
    words.stream()
        .filter(word -> !Policy.INHERITABLE.contains(word))
        .forEach(word -> unknown(key, word, "some of " + Policy.INHERITABLE));
    return words.stream().filter(Policy.INHERITABLE::contains).toList();
  }

  private void unknown(String key, String value, String remedy) {
    String cut = value.length() > 60 ? value.substring(0, 60) + "…" : value;
    findings.add(
        Finding.warning(
            "InvalidPolicy",
            "annotation %s: \"%s\" is not understood; write %s".formatted(key, cut, remedy)));
  }
}
