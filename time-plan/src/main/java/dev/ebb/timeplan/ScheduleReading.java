package dev.ebb.timeplan;

import dev.ebb.timeplan.ScheduleSpec.Setting;
import dev.ebb.timeplan.ScheduleSpec.WindowSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the spec of a ScalingSchedule. What makes no sense is left out and found; the rest holds.
 *
 * @param baseline what holds outside of all windows; fields that say nothing stay as they were
 * @param windows the windows by rank, the highest last
 * @param ramp how counts change
 * @param findings what is wrong with the spec
 */
public record ScheduleReading(
    Values baseline, List<Ranked> windows, Ramp ramp, List<Finding> findings) {

  /** What the window of an override is called. */
  public static final String OVERRIDE = "override";

  /** The name of what holds outside of all windows. */
  public static final String BASELINE = "baseline";

  private static final Instant ALWAYS = Instant.EPOCH;
  private static final int MOST_STEPS = 100;

  /**
   * A window and its rank.
   *
   * @param window when and what
   * @param priority the higher wins
   */
  public record Ranked(Window window, long priority) {
    boolean oneOff() {
      return window.when() instanceof Recurrence.Once;
    }
  }

  /** Copies the lists. */
  public ScheduleReading {
    windows = List.copyOf(windows);
    findings = List.copyOf(findings);
  }

  /**
   * Reads. Never fails.
   *
   * @param fewest the fewest replicas that the target can be told
   */
  public static ScheduleReading of(ScheduleSpec spec, int fewest) {
    List<Finding> findings = new ArrayList<>();
    for (String field : spec.unreadable()) {
      findings.add(
          new Finding(
              field,
              "its value makes no sense and is left out; kubectl explain scalingschedule.spec says"
                  + " what may stand there",
              false));
    }
    ZoneId zone =
        spec.timeZone() == null
            ? ZoneOffset.UTC
            : WindowTimes.zone("spec.timeZone", spec.timeZone(), findings).orElse(null);
    Values baseline = values("spec.baseline", spec.baseline(), fewest, findings);
    List<Ranked> windows = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (int i = 0; i < spec.windows().size(); i++) {
      window("spec.windows[" + i + "]", spec.windows().get(i), zone, fewest, names, findings)
          .ifPresent(windows::add);
    }
    // Of equal rank, what is open once wins, and then whose name comes first.
    windows.sort(
        Comparator.comparingLong(Ranked::priority)
            .thenComparing(Ranked::oneOff)
            .thenComparing(ranked -> ranked.window().name(), Comparator.reverseOrder()));
    override(spec.override(), fewest, findings).ifPresent(windows::add);
    return new ScheduleReading(baseline, windows, ramp(spec.ramp(), findings), findings);
  }

  /** Returns the schedule of a target. */
  public Schedule schedule(Values before) {
    return new Schedule(baseline.over(before), windows.stream().map(Ranked::window).toList(), ramp);
  }

  private static Optional<Ranked> window(
      String field,
      WindowSpec window,
      @Nullable ZoneId zone,
      int fewest,
      Set<String> names,
      List<Finding> findings) {
    String name = window.name() == null ? "" : window.name().strip();
    if (name.isEmpty() || name.equals(OVERRIDE) || !names.add(name)) {
      findings.add(
          new Finding(
              field + ".name",
              (name.isEmpty() ? "is missing" : "\"" + name + "\" is taken")
                  + "; the window is left out: give it a name of its own",
              false));
      return Optional.empty();
    }
    if (zone == null && window.timeZone() == null && window.once() == null) {
      findings.add(new Finding(field, "is left out, because spec.timeZone makes no sense", false));
      return Optional.empty();
    }
    Optional<Recurrence> when =
        new WindowTimes(field, zone == null ? ZoneOffset.UTC : zone, findings).of(window);
    Values values = values(field + ".set", window.set(), fewest, findings);
    if (values.equals(Values.NOTHING)) {
      findings.add(
          new Finding(
              field + ".set",
              "says nothing, so the window changes nothing; give it a value",
              false));
    }
    long priority = window.priority() == null ? 0 : window.priority();
    return when.map(w -> new Ranked(new Window(name, w, values), priority));
  }

  private static Values values(
      String field, @Nullable Setting setting, int fewest, List<Finding> findings) {
    if (setting == null) {
      return Values.NOTHING;
    }
    Values read = Numbers.of(field, setting, fewest, findings);
    Values ordered = read.ordered();
    if (!ordered.equals(read)) {
      findings.add(
          new Finding(
              field,
              "minReplicas %s is above maxReplicas %s; %s is used for both: raise maxReplicas there"
                  .formatted(read.min(), read.max(), read.min()),
              false));
    }
    return ordered;
  }

  private static Optional<Ranked> override(
      ScheduleSpec.@Nullable Override override, int fewest, List<Finding> findings) {
    if (override == null) {
      return Optional.empty();
    }
    Optional<Instant> until =
        override.until() == null ? Optional.empty() : WindowTimes.instant(override.until().strip());
    if (until.isEmpty()) {
      findings.add(
          new Finding(
              "spec.override.until",
              "is no instant, so the override is left out; write it as in 2026-10-01T12:00:00Z",
              false));
      return Optional.empty();
    }
    Values values = values("spec.override.set", override.set(), fewest, findings);
    Recurrence when = new Recurrence.Once(ALWAYS, until.get());
    return Optional.of(new Ranked(new Window(OVERRIDE, when, values), Long.MAX_VALUE));
  }

  private static Ramp ramp(ScheduleSpec.@Nullable RampSpec ramp, List<Finding> findings) {
    if (ramp == null) {
      return Ramp.NONE;
    }
    long steps = ramp.steps() == null ? Ramp.GRADUAL.steps() : ramp.steps();
    Duration length =
        ramp.duration() == null
            ? Ramp.GRADUAL.length()
            : Spans.parse(ramp.duration()).orElse(Duration.ZERO);
    boolean sound =
        steps >= 1
            && steps <= MOST_STEPS
            && length.compareTo(Duration.ofSeconds(steps)) >= 0
            && length.compareTo(Duration.ofDays(1)) <= 0;
    if (!sound) {
      findings.add(
          new Finding(
              "spec.ramp",
              "makes no sense, so counts change at once; give it a duration as in 30m, a day at"
                  + " most, and 1 to 100 steps of a second or more",
              false));
      return Ramp.NONE;
    }
    return new Ramp(length.dividedBy(steps), (int) steps);
  }
}
