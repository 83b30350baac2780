package dev.ebb.runtime.model;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Amounts as Kubernetes writes them, {@code 10Gi}, {@code 500M}, {@code 1e3}. Stateless. */
public final class Quantity {

  private static final Pattern FORM =
      Pattern.compile("([0-9]+(?:\\.[0-9]*)?)(Ki|Mi|Gi|Ti|Pi|Ei|m|k|M|G|T|P|E|[eE][0-9]{1,2})?");
  private static final Map<String, BigDecimal> UNITS =
      Map.ofEntries(
          Map.entry("Ki", BigDecimal.valueOf(1L << 10)),
          Map.entry("Mi", BigDecimal.valueOf(1L << 20)),
          Map.entry("Gi", BigDecimal.valueOf(1L << 30)),
          Map.entry("Ti", BigDecimal.valueOf(1L << 40)),
          Map.entry("Pi", BigDecimal.valueOf(1L << 50)),
          Map.entry("Ei", BigDecimal.valueOf(1L << 60)),
          Map.entry("m", new BigDecimal("0.001")),
          Map.entry("k", BigDecimal.valueOf(1_000)),
          Map.entry("M", BigDecimal.valueOf(1_000_000)),
          Map.entry("G", BigDecimal.valueOf(1_000_000_000)),
          Map.entry("T", BigDecimal.valueOf(1_000_000_000_000L)),
          Map.entry("P", BigDecimal.valueOf(1_000_000_000_000_000L)),
          Map.entry("E", BigDecimal.valueOf(1_000_000_000_000_000_000L)));

  private Quantity() {}

  /** Returns a number of bytes, rounded down; empty when the text is none, or too large. */
  public static Optional<Long> bytes(@Nullable String text) {
    Matcher matcher = FORM.matcher(text == null ? "" : text.strip());
    if (text == null || text.length() > 40 || !matcher.matches()) {
      return Optional.empty();
    }
    String unit = matcher.group(2);
    BigDecimal number = new BigDecimal(matcher.group(1));
    BigDecimal value =
        unit == null
            ? number
            : UNITS.containsKey(unit)
                ? number.multiply(UNITS.get(unit))
                : number.scaleByPowerOfTen(Integer.parseInt(unit.substring(1)));
    return value.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0
        ? Optional.empty()
        : Optional.of(value.longValue());
  }
}
