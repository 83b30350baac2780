package dev.ebb.selector.plan;

import dev.ebb.runtime.model.Condition;
import dev.ebb.runtime.model.Conditions;
import dev.ebb.selector.api.ServicePool.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Says what was found and done, and nothing that is not so. Stateless. */
public final class Statuses {

  /** Sums up. */
  public static final String READY = "Ready";

  /** Whether the spec makes sense. */
  public static final String VALID = "Valid";

  /** Whether each Service points where it should. */
  public static final String APPLIED = "Applied";

  private static final int SHOWN = 5;

  private Statuses() {}

  /**
   * Makes the status.
   *
   * @param before the status as it is
   * @param moved how many Services went from one pod to another
   * @param failures what the API server refused
   */
  public static Status of(
      Status before, long generation, Plan plan, int moved, List<String> failures, Instant now) {
    long moves = before.moves() == null ? 0 : before.moves();
    return new Status(
        generation,
        plan.claims().members().size(),
        (int) plan.seats().stream().filter(s -> !s.pod().finished()).count(),
        plan.eligible(),
        imbalance(plan),
        moves + moved,
        moved > 0 ? Integer.valueOf(moved) : before.lastMoves(),
        conditions(before, generation, plan, failures, now));
  }

  /** Returns what Ready would say if the plan were carried out now without a refusal. */
  public static Condition judged(Plan plan, Instant now) {
    return conditions(Status.NONE, 0, plan, List.of(), now).stream()
        .filter(c -> c.type().equals(READY))
        .findFirst()
        .orElseThrow();
  }

  /** Returns how many more Services the fullest pod that takes any has than the emptiest. */
  public static int imbalance(Plan plan) {
    Map<String, Integer> counts = new HashMap<>();
    plan.seats().stream()
        .filter(s -> s.standing() == Seat.Standing.ELIGIBLE)
        .forEach(s -> counts.put(s.host().name(), 0));
    plan.target().values().forEach(pod -> counts.computeIfPresent(pod, (p, n) -> n + 1));
    return counts.values().stream().mapToInt(n -> n).max().orElse(0)
        - counts.values().stream().mapToInt(n -> n).min().orElse(0);
  }

  private static List<Condition> conditions(
      Status before, long generation, Plan plan, List<String> failures, Instant now) {
    String findings = plan.findings().stream().map(Finding::text).collect(Collectors.joining("\n"));
    boolean valid = plan.findings().stream().noneMatch(Finding::fatal);
    Plan.Held obstacle = valid ? obstacle(plan, failures) : new Plan.Held("Invalid", findings);
    String well =
        "%d Services are shared out among %d pods".formatted(plan.target().size(), plan.eligible());
    boolean applied = obstacle == null;
    String reason = obstacle == null ? "Assigned" : obstacle.reason();
    String message = obstacle == null ? well : obstacle.message();
    return new Conditions(before.conditions(), generation, now)
        .set(READY, applied, reason, message)
        .set(
            VALID,
            valid,
            findings.isEmpty() ? "Valid" : valid ? "Doubtful" : "Invalid",
            findings.isEmpty() ? "the spec makes sense" : findings)
        .set(APPLIED, applied, reason, message)
        .list();
  }

  private static Plan.@Nullable Held obstacle(Plan plan, List<String> failures) {
    if (plan.held().isPresent()) {
      Plan.Held held = plan.held().get();
      String would =
          plan.changes().isEmpty()
              ? "; nothing would change now"
              : "; it would be " + some(plan.changes().stream().map(Change::text).toList());
      return new Plan.Held(held.reason(), held.message() + would);
    }
    if (!failures.isEmpty()) {
      return new Plan.Held("Refused", some(failures));
    }
    if (plan.claims().members().isEmpty() && plan.create().isEmpty()) {
      return new Plan.Held("NoServices", "no Service matches spec.services" + refused(plan));
    }
    if (plan.eligible() == 0) {
      return new Plan.Held("NoEligiblePod", noPod(plan));
    }
    if (!plan.contested().isEmpty()) {
      return new Plan.Held(
          "Contested",
          "somebody else changes the selector of "
              + some(plan.contested().stream().map(Member::name).toList())
              + "; take field spec.selector out of whatever applies them");
    }
    if (plan.deferred() > 0) {
      return new Plan.Held(
          "Moving",
          plan.deferred()
              + " more will move, as spec.maxMovesPerMinute and spec.releaseDelay let them");
    }
    return plan.claims().refused().isEmpty()
        ? null
        : new Plan.Held("ServicesRefused", refusals(plan));
  }

  private static String noPod(Plan plan) {
    List<String> why =
        plan.seats().stream()
            .map(s ->
                s.host().name() + " is " + s.standing().name().toLowerCase(java.util.Locale.ROOT))
            .toList();
    return why.isEmpty()
        ? "no pod matches spec.pods; Services stay as they are"
        : "no pod can take Services, they stay as they are: " + some(why);
  }

  private static String refused(Plan plan) {
    return plan.claims().refused().isEmpty() ? "" : ": " + refusals(plan);
  }

  private static String refusals(Plan plan) {
    return some(plan.claims().refused().stream().map(Claims.Refusal::text).toList());
  }

  private static String some(List<String> all) {
    String text = String.join(", ", all.subList(0, Math.min(SHOWN, all.size())));
    return all.size() > SHOWN ? text + " and " + (all.size() - SHOWN) + " more" : text;
  }

  /** Returns whether two statuses say the same. */
  public static boolean same(Status a, Status b) {
    List<Condition> left = new ArrayList<>(a.conditions());
    return a.observedGeneration() == b.observedGeneration()
        && Objects.equals(a.services(), b.services())
        && Objects.equals(a.pods(), b.pods())
        && Objects.equals(a.eligible(), b.eligible())
        && Objects.equals(a.imbalance(), b.imbalance())
        && Objects.equals(a.moves(), b.moves())
        && Objects.equals(a.lastMoves(), b.lastMoves())
        && left.size() == b.conditions().size()
        && IntStream.range(0, left.size()).allMatch(i -> left.get(i).sameAs(b.conditions().get(i)));
  }
}
