package dev.ebb.selector.admin;

import dev.ebb.runtime.model.Condition;
import dev.ebb.runtime.model.ScaledResource.Mode;
import dev.ebb.selector.api.Strategy;
import dev.ebb.selector.plan.Change;
import dev.ebb.selector.plan.Claims;
import dev.ebb.selector.plan.Finding;
import dev.ebb.selector.plan.Member;
import dev.ebb.selector.plan.Observed;
import dev.ebb.selector.plan.Plan;
import dev.ebb.selector.plan.Statuses;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is told about a pool. */
final class PoolView {

  private PoolView() {}

  /**
   * One line.
   *
   * @param message why, in a few words
   * @param services how many Services it has
   * @param eligible how many pods take Services
   * @param imbalance how many more the fullest pod has than the emptiest
   * @param changes how many Services are not as they should be
   */
  record Summary(
      String namespace,
      String name,
      Strategy strategy,
      Mode mode,
      boolean ready,
      String message,
      int services,
      int pods,
      int eligible,
      int imbalance,
      int changes) {

    static Summary of(Observed observed, Plan plan) {
      Condition said = Statuses.judged(plan, observed.now());
      return new Summary(
          observed.pool().key().namespace(),
          observed.pool().key().name(),
          observed.pool().strategy(),
          observed.pool().mode(),
          said.isTrue(),
          said.message(),
          plan.claims().members().size(),
          plan.seats().size(),
          plan.eligible(),
          Statuses.imbalance(plan),
          plan.changes().size());
    }
  }

  /**
   * The decision as it would be made now.
   *
   * @param at when it was made
   * @param message what it comes to
   * @param held why nothing is written; null when it is
   * @param pods each pod and whether it takes Services
   * @param map each Service and the pod that it belongs to now; null for none
   * @param changes what would be written
   * @param deferred how many moves wait for the next minute
   * @param refused the Services that are not taken, and why
   * @param findings what is wrong with the spec
   * @param conditions what the status says
   * @param lookAgainAt when the decision may change by itself; null for never
   */
  record Why(
      Instant at,
      String message,
      @Nullable String held,
      Map<String, String> pods,
      Map<String, @Nullable String> map,
      List<String> changes,
      int deferred,
      List<String> refused,
      List<String> findings,
      List<Condition> conditions,
      @Nullable Instant lookAgainAt) {

    static Why of(Observed observed, Plan plan, List<Condition> conditions) {
      Map<String, String> pods = new TreeMap<>(dev.ebb.selector.plan.Natural.ORDER);
      plan.seats().forEach(s -> pods.put(s.host().name(), s.standing().name()));
      Map<String, @Nullable String> map = new TreeMap<>(dev.ebb.selector.plan.Natural.ORDER);
      for (Member member : plan.claims().members()) {
        map.put(member.service().metadata().name(), member.actual());
      }
      return new Why(
          observed.now(),
          Statuses.judged(plan, observed.now()).message(),
          plan.held().map(Plan.Held::message).orElse(null),
          pods,
          map,
          plan.changes().stream().map(Change::text).toList(),
          plan.deferred(),
          plan.claims().refused().stream().map(Claims.Refusal::text).toList(),
          plan.findings().stream().map(Finding::text).toList(),
          conditions,
          plan.lookAgain());
    }
  }

  /**
   * Where a key is served.
   *
   * @param bucket the number of the Service
   * @param service the Service
   * @param pod the pod that it points at; null for none
   */
  record Route(String key, int bucket, String service, @Nullable String pod) {}

  /**
   * What the map would be.
   *
   * @param pods how many pods there would be
   * @param moves how many Services would move
   * @param map each Service and its pod
   */
  record Simulation(int pods, long moves, Map<String, String> map) {}
}
