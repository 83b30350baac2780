package dev.ebb.cleanup.plan;

import dev.ebb.cleanup.api.ScaleDownPolicy;
import dev.ebb.cleanup.api.ScaleDownPolicy.Claims;
import dev.ebb.cleanup.api.ScaleDownPolicy.Existing;
import dev.ebb.cleanup.api.ScaleDownPolicy.FirstOrdinal;
import dev.ebb.cleanup.api.ScaleDownPolicy.OnDelete;
import dev.ebb.cleanup.api.ScaleDownPolicy.OnFailure;
import dev.ebb.cleanup.api.ScaleDownPolicy.OnReturn;
import dev.ebb.cleanup.api.ScaleDownPolicy.RequireReady;
import dev.ebb.cleanup.api.StatefulSet;
import dev.ebb.runtime.kube.Ebb;
import dev.ebb.runtime.model.Durations;
import dev.ebb.runtime.model.ScaledResource.Mode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a policy from a ScaleDownPolicy. What says nothing has the default of the definition. What
 * is not understood has the cautious value, and is told: it was meant to hold something back.
 */
final class WrittenPolicy {

  private static final JsonMapper JSON = JsonMapper.shared();

  private final StatefulSet set;
  private final ScaleDownPolicy policy;
  private final ScaleDownPolicy.Spec spec;
  private final List<Finding> findings = new ArrayList<>();

  private WrittenPolicy(StatefulSet set, ScaleDownPolicy policy) {
    this.set = set;
    this.policy = policy;
    this.spec = policy.spec();
  }

  static Policy of(StatefulSet set, ScaleDownPolicy policy) {
    return new WrittenPolicy(set, policy).read();
  }

  private Policy read() {
    for (String field : spec.unreadable()) {
      misread(field, "it is not understood; kubectl explain sdp." + field + " says what may stand");
    }
    List<String> ignored =
        set.metadata().annotations().keySet().stream()
            .filter(key -> AnnotatedPolicy.isSetting(key))
            .sorted()
            .toList();
    if (!ignored.isEmpty()) {
      findings.add(
          Finding.note(
              "AnnotationsIgnored",
              "ScaleDownPolicy %s counts, and not the annotations %s"
                  .formatted(policy.metadata().name(), ignored)));
    }
    Policy annotated = AnnotatedPolicy.of(set);
    boolean own = spec.template() != null && !spec.template().isNull();
    return new Policy(
        own ? JSON.writeValueAsString(spec.template()) : annotated.template(),
        own ? "spec.template of ScaleDownPolicy " + policy.metadata().name() : annotated.source(),
        mode(),
        Objects.requireNonNullElse(spec.backoffLimit(), Policy.BACKOFF_LIMIT),
        duration("deadline", spec.deadline()).orElse(null),
        or(spec.onFailure(), OnFailure.Hold),
        retry(),
        or(spec.claims(), unread("claims") ? Claims.Keep : Claims.Delete) == Claims.Keep,
        or(spec.existing(), unread("existing") ? Existing.Report : Existing.Clean),
        or(spec.onDelete(), OnDelete.Ignore) == OnDelete.Clean,
        Objects.requireNonNullElse(
            spec.maxParallel(), unread("maxParallel") ? 1 : Integer.MAX_VALUE),
        or(spec.requireReady(), unread("requireReady") ? RequireReady.All : RequireReady.None),
        or(spec.firstOrdinal(), FirstOrdinal.Skip) == FirstOrdinal.Clean,
        or(spec.onReturn(), OnReturn.Keep) == OnReturn.Renew,
        duration("settle", spec.settle()).orElse(Duration.ZERO),
        or(spec.inherit(), Policy.INHERITED).stream().filter(Policy.INHERITABLE::contains).toList(),
        or(spec.stableName(), true),
        or(spec.mustSucceed(), List.of()),
        findings);
  }

  /** Whoever freezes a set by its annotation need not know who wrote its policy. */
  private Mode mode() {
    Mode said = or(spec.mode(), unread("mode") ? Mode.Observe : Mode.Enforce);
    boolean annotated = set.metadata().annotations().containsKey(Ebb.key("mode"));
    Mode also = annotated ? AnnotatedPolicy.of(set).mode() : Mode.Enforce;
    return also.compareTo(said) > 0 ? also : said;
  }

  private Policy.Retry retry() {
    ScaleDownPolicy.Retry retry = or(spec.retry(), new ScaleDownPolicy.Retry(null, null, null));
    return new Policy.Retry(
        or(retry.limit(), Policy.Retry.USUAL.limit()),
        duration("retry.first", retry.first()).orElse(Policy.Retry.USUAL.first()),
        duration("retry.longest", retry.longest()).orElse(Policy.Retry.USUAL.longest()));
  }

  private static <T> T or(@Nullable T value, T usual) {
    return Objects.requireNonNullElse(value, usual);
  }

  private boolean unread(String field) {
    return spec.unreadable().contains("spec." + field);
  }

  private Optional<Duration> duration(String field, @Nullable String value) {
    if (value == null || value.isEmpty()) {
      return Optional.empty();
    }
    Optional<Duration> read = Durations.parse(value);
    if (read.isEmpty()) {
      misread("spec." + field, "\"" + value + "\" is no duration; write one as in 10m");
    }
    return read;
  }

  private void misread(String field, String why) {
    findings.add(
        Finding.warning(
            "InvalidPolicy",
            "%s of ScaleDownPolicy %s: %s".formatted(field, policy.metadata().name(), why)));
  }
}
