package dev.ebb.timeplan;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Durations as all resources of Ebb have them: Go's form, {@code 1h30m}, {@code 90s}, {@code
 * 250ms}. Stateless.
 */
public final class Spans {

  private static final Pattern WHOLE = Pattern.compile("([0-9]+(\\.[0-9]+)?(ms|h|m|s))+");
  private static final Pattern PART = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(ms|h|m|s)");
  private static final Duration LONGEST = Duration.ofDays(3650);

  private Spans() {}

  /**
   * Parses a duration.
   *
   * @param text the text; null, negative, unreadable or longer than ten years gives empty
   */
  public static Optional<Duration> parse(@Nullable String text) {
    if (text == null || text.length() > 64 || !WHOLE.matcher(text).matches()) {
      return Optional.empty();
    }
    BigDecimal millis = BigDecimal.ZERO;
    Matcher part = PART.matcher(text);
    while (part.find()) {
      millis = millis.add(new BigDecimal(part.group(1)).multiply(unit(part.group(2))));
    }
    if (millis.compareTo(BigDecimal.valueOf(LONGEST.toMillis())) > 0) {
      return Optional.empty();
    }
    return Optional.of(Duration.ofNanos(millis.movePointRight(6).longValue()));
  }

  private static BigDecimal unit(String unit) {
    return switch (unit) {
      case "ms" -> BigDecimal.ONE;
      case "s" -> BigDecimal.valueOf(1_000);
      case "m" -> BigDecimal.valueOf(60_000);
      default -> BigDecimal.valueOf(3_600_000);
    };
  }
}
