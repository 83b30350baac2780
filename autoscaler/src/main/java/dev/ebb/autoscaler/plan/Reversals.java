package dev.ebb.autoscaler.plan;

import dev.ebb.runtime.kube.Ebb;
import dev.ebb.runtime.model.ScaledResource;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How often the same other hand undid Ebb's sleep, kept in an annotation. Counts for one generation
 * of the resource, and starts anew after a day of peace.
 *
 * @param manager whose hand, empty for none
 * @param count how often in a row
 * @param generation of the resource
 * @param last when
 */
public record Reversals(String manager, int count, long generation, Instant last) {

  /** The annotation. */
  public static final String ANNOTATION = Ebb.key("reversals");

  /** So many are a dispute. */
  public static final int DISPUTE = 3;

  private static final Duration PEACE = Duration.ofDays(1);
  private static final Pattern TEXT =
      Pattern.compile("([0-9]{1,6})@([0-9]{1,18})@([0-9]{1,12})=(.+)");

  /** Reads the annotation; what cannot be read is none. */
  public static Reversals of(ScaledResource resource) {
    String text = resource.metadata().annotations().getOrDefault(ANNOTATION, "");
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      return new Reversals("", 0, resource.metadata().generation(), Instant.EPOCH);
    }
    return new Reversals(
        matcher.group(4),
        Integer.parseInt(matcher.group(1)),
        Long.parseLong(matcher.group(2)),
        Instant.ofEpochSecond(Long.parseLong(matcher.group(3))));
  }

  /** Counts one more. */
  public Reversals plus(String by, long currentGeneration, Instant now) {
    boolean goesOn =
        by.equals(manager) && generation == currentGeneration && now.isBefore(last.plus(PEACE));
    return new Reversals(by, goesOn ? count + 1 : 1, currentGeneration, now);
  }

  /** Returns whether it is a dispute under a generation. */
  public boolean disputed(long currentGeneration) {
    return generation == currentGeneration && count >= DISPUTE;
  }

  /** Returns the annotation's text. */
  public String text() {
    return count + "@" + generation + "@" + last.getEpochSecond() + "=" + manager;
  }
}
