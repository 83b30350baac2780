package dev.ebb.timescaler.plan;

import dev.ebb.timeplan.Finding;
import dev.ebb.timeplan.Numbers;
import dev.ebb.timeplan.Ramp;
import dev.ebb.timeplan.Recurrence;
import dev.ebb.timeplan.Schedule;
import dev.ebb.timeplan.ScheduleSpec.Setting;
import dev.ebb.timeplan.Values;
import dev.ebb.timeplan.Window;
import dev.ebb.timescaler.api.ServiceScaler;
import dev.ebb.timescaler.api.ServiceScaler.TimeRange;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns a ServiceScaler into a schedule. What makes no sense is left out and found; the rest holds.
 * A range sets every field, those that it does not name to the default, so that of several that
 * match the last one rules alone, as service-scaler has it.
 *
 * @param schedule empty when there is nothing to hold on to
 * @param findings what is wrong with the spec
 */
public record Translation(Optional<Schedule> schedule, List<Finding> findings) {

  private static final String HPA = "spec.hpa";

  /** Copies the findings. */
  public Translation {
    findings = List.copyOf(findings);
  }

  /** Translates. Never fails. */
  public static Translation of(ServiceScaler scaler) {
    List<Finding> findings = new ArrayList<>();
    for (String field : scaler.spec().unreadable()) {
      findings.add(
          new Finding(
              field,
              "its value makes no sense and is left out; kubectl explain servicescaler.spec says"
                  + " what may stand there",
              false));
    }
    Values baseline = baseline(scaler, findings);
    if (baseline == null) {
      return new Translation(Optional.empty(), findings);
    }
    List<Window> windows = new ArrayList<>();
    List<TimeRange> ranges = scaler.spec().timeRangeSpec();
    for (int i = 0; i < ranges.size(); i++) {
      window("spec.timeRangeSpec[" + i + "]", ranges.get(i), baseline, findings)
          .ifPresent(windows::add);
    }
    return new Translation(Optional.of(new Schedule(baseline, windows, Ramp.GRADUAL)), findings);
  }

  private static @Nullable Values baseline(ServiceScaler scaler, List<Finding> findings) {
    ServiceScaler.HpaValues hpa = scaler.spec().hpa();
    if (hpa == null) {
      findings.add(fatal(HPA, "is missing; give it minReplicas and maxReplicas"));
      return null;
    }
    int before = findings.size();
    Values read = values(HPA, hpa, findings);
    if (read.min() == null || read.max() == null) {
      String field = HPA + (read.min() == null ? ".minReplicas" : ".maxReplicas");
      findings.subList(before, findings.size()).removeIf(f -> f.field().equals(field));
      findings.add(fatal(field, "has no usable value; give it a whole number from 1 on"));
      return null;
    }
    return ordered(HPA, read.over(new Values(null, null, 0, 0)), findings);
  }

  private static Finding fatal(String field, String message) {
    return new Finding(field, message + "; until then the HPA stays as it is", true);
  }

  private static Optional<Window> window(
      String field, TimeRange range, Values baseline, List<Finding> findings) {
    Optional<Recurrence> when = recurrence(field, range, findings);
    if (when.isEmpty()) {
      return Optional.empty();
    }
    String hpa = field + ".replicaSpec.hpa";
    Values own = values(hpa, range.hpa(), findings);
    Values values = ordered(hpa, own.over(baseline), findings);
    if (own.equals(Values.NOTHING)) {
      findings.add(
          new Finding(hpa, "sets nothing, so the range changes nothing; give it a value", false));
    }
    return Optional.of(new Window(range.from() + " to " + range.to(), when.get(), values));
  }

  private static Values ordered(String field, Values values, List<Finding> findings) {
    Values ordered = values.ordered();
    if (!ordered.equals(values)) {
      findings.add(
          new Finding(
              field,
              "minReplicas %s is above maxReplicas %s; %s is used for both: raise maxReplicas there"
                  .formatted(values.min(), values.max(), values.min()),
              false));
    }
    return ordered;
  }

  private static Optional<Recurrence> recurrence(
      String field, TimeRange range, List<Finding> findings) {
    String kind = range.kind() == null ? "" : range.kind();
    Optional<? extends Recurrence> when =
        switch (kind) {
          case "ZonedTime" -> daily(field, range, findings);
          case "ZonedDateTime" -> once(field, range, findings);
          default -> {
            findings.add(
                new Finding(
                    field + ".kind",
                    (kind.isEmpty() ? "is missing" : "\"" + kind + "\" is not known")
                        + "; the range is left out: write ZonedTime or ZonedDateTime",
                    false));
            yield Optional.empty();
          }
        };
    return when.map(w -> w);
  }

  private static Optional<Recurrence> daily(String field, TimeRange range, List<Finding> findings) {
    Optional<LocalTime> from =
        time(field + ".from", range.from(), "08:00+05:30", TimeText::zonedTime, findings);
    Optional<LocalTime> to =
        time(field + ".to", range.to(), "08:00+05:30", TimeText::zonedTime, findings);
    // A fixed offset is the same time of day in UTC, whatever the date.
    return from.flatMap(f -> to.map(t -> new Recurrence.Daily(f, t, ZoneOffset.UTC)));
  }

  private static Optional<Recurrence> once(String field, TimeRange range, List<Finding> findings) {
    String example = "2024-11-01T08:00:00+05:30";
    Optional<Instant> from =
        time(field + ".from", range.from(), example, TimeText::zonedDateTime, findings);
    Optional<Instant> to =
        time(field + ".to", range.to(), example, TimeText::zonedDateTime, findings);
    Optional<Recurrence> once = from.flatMap(f -> to.map(t -> new Recurrence.Once(f, t)));
    if (once.isPresent() && !once.get().ever()) {
      findings.add(
          new Finding(
              field + ".to", "is not after from, so the range never matches; correct it", false));
    }
    return once;
  }

  private static <T> Optional<T> time(
      String field,
      @Nullable String text,
      String example,
      java.util.function.Function<String, Optional<T>> reader,
      List<Finding> findings) {
    Optional<T> read = text == null ? Optional.empty() : reader.apply(text);
    if (read.isEmpty()) {
      findings.add(
          new Finding(
              field,
              (text == null ? "is missing" : "\"" + shortened(text) + "\" is no time of its kind")
                  + "; the range is left out: write it as in "
                  + example,
              false));
    }
    return read;
  }

  private static String shortened(String text) {
    return text.length() > 60 ? text.substring(0, 60) + "…" : text;
  }

  /** Reads what can be read; the rest says nothing and is found. */
  private static Values values(String field, ServiceScaler.HpaValues hpa, List<Finding> findings) {
    return Numbers.of(
        field,
        new Setting(
            hpa.minReplicas(),
            hpa.maxReplicas(),
            hpa.targetCPUUtilization(),
            hpa.targetMemoryUtilization()),
        1,
        findings);
  }
}
