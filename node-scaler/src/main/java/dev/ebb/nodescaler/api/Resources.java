package dev.ebb.nodescaler.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.kubernetes.client.custom.Quantity;
import io.kubernetes.client.custom.QuantityFormatException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongBinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Amounts of resources, in thousandths of their unit: millicores of CPU, thousandths of a byte of
 * memory. What is not named is zero. Sums that do not fit are the largest number there is. Values.
 *
 * @param amounts thousandths by resource name, without zeros
 */
public record Resources(Map<String, Long> amounts) {

  /** The name of the CPU. */
  public static final String CPU = "cpu";

  /** The name of the number of pods. */
  public static final String PODS = "pods";

  /** Nothing of anything. */
  public static final Resources NONE = new Resources(Map.of());

  /** Leaves zeros out. */
  public Resources {
    TreeMap<String, Long> kept = new TreeMap<>(amounts);
    kept.values().removeIf(amount -> amount == 0);
    amounts = Map.copyOf(kept);
  }

  /** Returns an amount of one resource. */
  public static Resources of(String name, long thousandths) {
    return new Resources(Map.of(name, thousandths));
  }

  /** Decodes quantities; one that cannot be read counts as nothing, and hides no other. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static Resources decode(@Nullable Map<String, Object> quantities) {
    if (quantities == null || quantities.isEmpty()) {
      return NONE;
    }
    TreeMap<String, Long> amounts = new TreeMap<>();
    quantities.forEach((name, quantity) ->
        parse(String.valueOf(quantity)).ifPresent(amount -> amounts.put(name, amount)));
    return new Resources(amounts);
  }

  /**
   * Reads a quantity as Kubernetes does: {@code 500m}, {@code 1}, {@code 2Gi}, {@code 1e3}; what is
   * finer than a thousandth is rounded up.
   *
   * @return thousandths; empty when it is no quantity
   */
  public static Optional<Long> parse(String text) {
    try {
      BigDecimal thousandths =
          Quantity.fromString(text.strip())
              .getNumber()
              .movePointRight(3)
              .setScale(0, RoundingMode.UP);
      return Optional.of(
          thousandths
              .max(BigDecimal.valueOf(Long.MIN_VALUE))
              .min(BigDecimal.valueOf(Long.MAX_VALUE))
              .longValue());
    } catch (QuantityFormatException | ArithmeticException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Returns the amount of a resource, in thousandths. */
  public long amount(String name) {
    return amounts.getOrDefault(name, 0L);
  }

  /** Returns whether there is nothing of anything. */
  public boolean isEmpty() {
    return amounts.isEmpty();
  }

  /** Adds many up, without an object for each step. */
  public static Resources sum(Iterable<Resources> many) {
    TreeMap<String, Long> sums = new TreeMap<>();
    for (Resources one : many) {
      one.amounts.forEach((name, amount) -> sums.merge(name, amount, Resources::saturated));
    }
    return new Resources(sums);
  }

  /** Adds. */
  public Resources plus(Resources other) {
    return isEmpty() ? other : other.isEmpty() ? this : combine(other, Resources::saturated);
  }

  /** Takes away; what there is not enough of becomes negative. */
  public Resources minus(Resources other) {
    return other.isEmpty() ? this : combine(other, (a, b) -> saturated(a, -b));
  }

  /** Returns the greater amount of each resource. */
  public Resources max(Resources other) {
    return isEmpty() ? other : other.isEmpty() ? this : combine(other, Math::max);
  }

  /** Returns these amounts, and of what they do not name those of another. */
  public Resources orElse(Resources other) {
    if (amounts.keySet().containsAll(other.amounts.keySet())) {
      return this;
    }
    TreeMap<String, Long> all = new TreeMap<>(other.amounts);
    all.putAll(amounts);
    return new Resources(all);
  }

  private Resources combine(Resources other, LongBinaryOperator each) {
    TreeSet<String> names = new TreeSet<>(amounts.keySet());
    names.addAll(other.amounts.keySet());
    TreeMap<String, Long> result = new TreeMap<>();
    names.forEach(name -> result.put(name, each.applyAsLong(amount(name), other.amount(name))));
    return new Resources(result);
  }

  private static long saturated(long a, long b) {
    long sum = a + b;
    if (((a ^ sum) & (b ^ sum)) < 0) {
      return a < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
    return sum;
  }

  /**
   * Returns how often a slot fits, whole ones only; never negative.
   *
   * @param slot what one takes; one that takes nothing fits not at all
   */
  public int fits(Resources slot) {
    long times = slot.isEmpty() ? 0 : Integer.MAX_VALUE;
    for (Map.Entry<String, Long> need : slot.amounts.entrySet()) {
      if (need.getValue() > 0) {
        times = Math.min(times, Math.floorDiv(amount(need.getKey()), need.getValue()));
      }
    }
    return (int) Math.max(0, times);
  }

  /** Returns how many slots these amounts are, part of one counted whole. */
  public int slots(Resources slot) {
    long most = 0;
    for (Map.Entry<String, Long> one : slot.amounts.entrySet()) {
      if (one.getValue() > 0) {
        most = Math.max(most, Math.ceilDiv(amount(one.getKey()), one.getValue()));
      }
    }
    return (int) Math.min(Integer.MAX_VALUE, most);
  }

  /** Writes quantities as Kubernetes reads them. */
  @JsonValue
  public Map<String, String> quantities() {
    TreeMap<String, String> texts = new TreeMap<>();
    amounts.forEach(
        (name, amount) -> texts.put(name, amount % 1000 == 0 ? amount / 1000 + "" : amount + "m"));
    return texts;
  }

  @Override
  public String toString() {
    return quantities().toString();
  }
}
