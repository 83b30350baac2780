package dev.ebb.nodescaler.plan;

import dev.ebb.nodescaler.api.NodeBuffer.Remembered;
import dev.ebb.nodescaler.api.NodeBuffer.Status;
import dev.ebb.nodescaler.api.NodeBuffer.Staying;
import dev.ebb.nodescaler.plan.Verdict.Reason;
import dev.ebb.nodescaler.plan.Verdict.State;
import dev.ebb.runtime.model.Condition;
import dev.ebb.runtime.model.Conditions;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Says what was found and done, and nothing that is not so. Stateless. */
public final class Statuses {

  /** Sums up: as many servers as wanted can start now. */
  public static final String READY = "Ready";

  /** Whether the spec makes sense. */
  public static final String VALID = "Valid";

  /** Whether what is decided is done. */
  public static final String APPLIED = "Applied";

  /** So many nodes are listed at most; the admin API lists all. */
  public static final int LISTED = 100;

  private static final int SHOWN = 5;

  private Statuses() {}

  /**
   * Makes the status.
   *
   * @param before the status as it is
   * @param memory what has to be known at the next decision
   * @param failures what the API server or the cloud refused
   */
  public static Status of(
      Status before, long generation, Decision decision, Memory memory, List<String> failures) {
    List<Condition> conditions = conditions(before, generation, decision, failures);
    Plan plan = decision.plan();
    Observed observed = decision.observed();
    if (plan == null || observed == null) {
      return new Status(
          generation,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          remembered(memory),
          List.of(),
          conditions);
    }
    Plan.Counts counts = plan.counts();
    Observed.Cloud cloud = observed.cloud();
    return new Status(
        generation,
        counts.free(),
        counts.desired(),
        counts.starting(),
        counts.upcoming(),
        counts.pending(),
        counts.used(),
        observed.nodes().size(),
        (int) plan.nodes().stream().filter(v -> v.state() == State.DRAINING).count(),
        cloud == null ? before.size() : Integer.valueOf(cloud.size()),
        remembered(memory),
        staying(plan),
        conditions);
  }

  /** Returns what Ready would say if the decision were carried out now without a refusal. */
  public static Condition judged(Decision decision) {
    return conditions(Status.NONE, 0, decision, List.of()).stream()
        .filter(c -> c.type().equals(READY))
        .findFirst()
        .orElseThrow();
  }

  /** Reads what earlier decisions have left. */
  public static Memory memory(Status status) {
    Remembered kept = status.memory();
    return kept == null
        ? Memory.NONE
        : new Memory(
            kept.lastGrowth(),
            kept.owed(),
            kept.owedSince(),
            kept.writtenOff(),
            kept.lastFailure(),
            kept.failures());
  }

  private static Remembered remembered(Memory memory) {
    return new Remembered(
        memory.lastGrowth(),
        memory.upcoming(),
        memory.upcomingSince(),
        memory.writtenOff(),
        memory.lastFailure(),
        memory.failures());
  }

  /** Those that are on their way out first. */
  private static List<Staying> staying(Plan plan) {
    return plan.nodes().stream()
        .filter(v -> v.stays() != Reason.NONE)
        .sorted(
            Comparator.comparing((Verdict v) -> v.state() == State.ACTIVE)
                .thenComparing(Verdict::state, Comparator.reverseOrder())
                .thenComparing(Verdict::node))
        .limit(LISTED)
        .map(v -> new Staying(v.node(), word(v.state()), word(v.stays()), v.detail()))
        .toList();
  }

  /** Writes a constant as Kubernetes writes words. */
  public static String word(Enum<?> constant) {
    return Arrays.stream(constant.name().split("_"))
        .map(part -> part.charAt(0) + part.substring(1).toLowerCase(Locale.ROOT))
        .collect(Collectors.joining());
  }

  private static List<Condition> conditions(
      Status before, long generation, Decision decision, List<String> failures) {
    List<Finding> all = decision.buffer().findings();
    String findings = all.stream().map(Finding::text).collect(Collectors.joining("\n"));
    boolean valid = !decision.buffer().invalid();
    Plan plan = decision.plan();
    boolean full = plan != null && plan.counts().confirmed() >= plan.counts().desired();
    Held obstacle = valid ? obstacle(decision, failures) : new Held("Invalid", findings);
    String counted = plan == null ? "" : counted(plan.counts());
    String reason = obstacle != null ? obstacle.reason() : full ? "Full" : "Filling";
    String message =
        obstacle == null
            ? counted
            : counted.isEmpty() ? obstacle.message() : obstacle.message() + "; " + counted;
    return new Conditions(before.conditions(), generation, decision.now())
        .set(READY, obstacle == null && full, reason, message)
        .set(
            VALID,
            valid,
            findings.isEmpty() ? "Valid" : valid ? "Doubtful" : "Invalid",
            findings.isEmpty() ? "the spec makes sense" : findings)
        .set(
            APPLIED,
            obstacle == null,
            obstacle == null ? "Applied" : obstacle.reason(),
            obstacle == null ? "what is decided is done" : obstacle.message())
        .list();
  }

  private static String counted(Plan.Counts counts) {
    String text = "%d of %d slots are free".formatted(counts.free(), counts.desired());
    if (counts.pending() > 0) {
      text += ", %d servers wait".formatted(counts.pending());
    }
    if (counts.starting() > 0) {
      text += ", %d come with nodes that start".formatted(counts.starting());
    }
    if (counts.upcoming() > 0) {
      text += ", %d with nodes that were asked for".formatted(counts.upcoming());
    }
    return text;
  }

  private static @Nullable Held obstacle(Decision decision, List<String> failures) {
    Plan plan = decision.plan();
    if (decision.held().isPresent()) {
      Held held = decision.held().get();
      String would =
          plan == null || plan.steps().isEmpty()
              ? "; nothing would change now"
              : "; it would be " + some(plan.steps().stream().map(Statuses::text).toList());
      return new Held(held.reason(), held.message() + would);
    }
    if (!failures.isEmpty()) {
      return new Held("Refused", some(failures));
    }
    Plan.Limit limit = plan == null ? null : plan.limit();
    return limit == null ? null : new Held(word(limit), text(limit, decision));
  }

  private static String text(Plan.Limit limit, Decision decision) {
    Rules rules = decision.buffer().rules();
    return switch (limit) {
      case MAX_REACHED ->
          "the pool has its most nodes, %d; raise the maximum if you want more"
              .formatted(rules == null ? 0 : rules.max());
      case BACKING_OFF ->
          "the cloud did not bring the nodes that it was asked for; it is asked again later";
      case CLOUD_UNREADABLE -> "the cloud cannot be read: " + decision.cloudProblem();
      case CLOUD_STEERS ->
          "the cloud changes the pool's size itself; switch its own auto-scaling off";
      case SLOT_TOO_LARGE -> "not one server fits on a new node; look at slot and template";
    };
  }

  /** Says a step in a few words. */
  public static String text(Step step) {
    return switch (step) {
      case Step.Unmark unmark -> "node " + unmark.node().name() + " back into use";
      case Step.Mark mark -> "node " + mark.node().name() + " out of use";
      case Step.Grow grow -> "size " + grow.from() + " -> " + grow.to();
      case Step.Delete delete -> "node " + delete.node().name() + " deleted";
    };
  }

  private static String some(List<String> all) {
    String text = String.join(", ", all.subList(0, Math.min(SHOWN, all.size())));
    return all.size() > SHOWN ? text + " and " + (all.size() - SHOWN) + " more" : text;
  }

  /** Returns whether two statuses say the same. */
  public static boolean same(Status a, Status b) {
    return alike(a, b, Condition::sameAs)
        && Objects.equals(a.free(), b.free())
        && Objects.equals(a.starting(), b.starting())
        && Objects.equals(a.pending(), b.pending())
        && Objects.equals(a.used(), b.used())
        && a.staying().equals(b.staying());
  }

  /** Returns whether two statuses differ in nothing but what changes with every pod. */
  public static boolean alike(Status a, Status b) {
    return alike(
        a,
        b,
        (left, right) ->
            left.status().equals(right.status()) && left.reason().equals(right.reason()));
  }

  private static boolean alike(Status a, Status b, BiPredicate<Condition, Condition> conditions) {
    return a.observedGeneration() == b.observedGeneration()
        && Objects.equals(a.desired(), b.desired())
        && Objects.equals(a.upcoming(), b.upcoming())
        && Objects.equals(a.nodes(), b.nodes())
        && Objects.equals(a.draining(), b.draining())
        && Objects.equals(a.size(), b.size())
        && Objects.equals(a.memory(), b.memory())
        && a.conditions().size() == b.conditions().size()
        && IntStream.range(0, a.conditions().size())
            .allMatch(i -> conditions.test(a.conditions().get(i), b.conditions().get(i)));
  }
}
