package dev.ebb.selector.plan;

import dev.ebb.runtime.freeze.Stance;
import dev.ebb.runtime.model.Pause;
import dev.ebb.runtime.model.Pod;
import dev.ebb.runtime.model.Workload;
import dev.ebb.selector.api.ServicePool.WhenNoPod;
import dev.ebb.selector.api.Strategy;
import dev.ebb.selector.plan.Change.Cause;
import dev.ebb.selector.plan.Seat.Standing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Decides which Services of a pool are written, and how. One use each. */
public final class Planner {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Observed observed;
  private final Pool pool;
  private final Instant now;
  private final Map<String, Seat> seats = new TreeMap<>(Natural.ORDER);
  private final Map<String, String> target = new TreeMap<>(Natural.ORDER);
  private final List<Change> changes = new ArrayList<>();
  private final List<Member> contested = new ArrayList<>();
  private final List<Finding> findings;
  private Assigner.Rule rule = Assigner.Rule.of(Strategy.Sticky);
  private @Nullable Instant lookAgain;
  private int deferred;

  private Planner(Observed observed) {
    this.observed = observed;
    this.pool = observed.pool();
    this.now = observed.now();
    this.findings = new ArrayList<>(pool.findings());
  }

  /** Decides. */
  public static Plan plan(Observed observed) {
    return new Planner(observed).decide();
  }

  private Plan decide() {
    Map<String, Workload> sets = new HashMap<>();
    observed.sets().forEach(set -> sets.put(set.metadata().name(), set));
    if (!pool.invalid()) {
      Published published = Published.of(observed.services(), observed.published());
      for (Pod pod : observed.pods()) {
        if (pool.meansPod(pod.metadata())) {
          Seat seat = Seat.of(pool, pod, sets, published, now);
          seats.put(seat.host().name(), seat);
          at(seat.changesAt());
        }
      }
    }
    findPods();
    Claims claims =
        Claims.of(observed, seats.values().stream().map(s -> s.pod().metadata().labels()).toList());
    if (!pool.invalid()) {
      assign(claims.members(), sets);
      claims.members().forEach(this::change);
      limit(claims.members());
    }
    Instant pauseEnd = pool.pause().map(Pause::until).orElse(null);
    at(pauseEnd);
    return new Plan(
        List.copyOf(seats.values()),
        claims,
        target,
        List.copyOf(changes),
        pool.invalid() ? List.of() : Slices.plan(observed, claims, seats, changes),
        deferred,
        contested,
        missing(claims),
        findings,
        held(),
        pool.pause().filter(p -> p.over(now)).isPresent(),
        lookAgain);
  }

  private void findPods() {
    List<String> unlabelled =
        seats.values().stream()
            .filter(s -> s.standing() == Standing.UNLABELLED)
            .map(s -> s.host().name())
            .toList();
    if (!unlabelled.isEmpty()) {
      findings.add(
          new Finding(
              "spec.pods",
              "%s: without label %s with its own name no selector finds it; a StatefulSet sets it"
                  .formatted(first(unlabelled), dev.ebb.selector.api.Marks.POD_NAME),
              false));
    }
    TreeSet<String> owners = new TreeSet<>();
    seats.values().forEach(s -> owners.add(s.set()));
    if (owners.size() > 1) {
      findings.add(
          new Finding(
              "spec.pods.selector",
              "it selects pods of several owners (%s); name one in spec.pods.statefulSet"
                  .formatted(first(owners.stream().map(o -> o.isEmpty() ? "none" : o).toList())),
              false));
    }
  }

  private static String first(List<String> names) {
    int most = 3;
    return String.join(", ", names.subList(0, Math.min(most, names.size())))
        + (names.size() > most ? " and " + (names.size() - most) + " more" : "");
  }

  private void assign(List<Member> members, Map<String, Workload> sets) {
    List<Host> hosts =
        seats.values().stream()
            .filter(s -> s.standing() == Standing.ELIGIBLE)
            .map(Seat::host)
            .toList();
    List<Bucket> free = new ArrayList<>();
    for (Member member : members) {
      Seat seat = member.decided() == null ? null : seats.get(member.decided());
      // What is on a pod that only pauses is not touched, and counts for nobody else.
      if (seat != null && seat.standing().keeps() && seat.standing() != Standing.ELIGIBLE) {
        target.put(member.name(), seat.host().name());
      } else {
        free.add(member.bucket(pool, now));
      }
    }
    rule = rule(sets);
    target.putAll(Assigner.assign(rule, free, hosts));
  }

  private Assigner.Rule rule(Map<String, Workload> sets) {
    Workload set =
        seats.values().stream()
            .map(seat -> sets.get(seat.set()))
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(null);
    return new Assigner.Rule(
        pool.strategy(),
        pool.loadFactor(),
        set == null ? 0 : set.firstOrdinal(),
        set == null ? 0 : set.replicas());
  }

  private void change(Member member) {
    String wanted = target.get(member.name());
    if (wanted == null) {
      fallBack(member);
      return;
    }
    Cause cause = cause(member, wanted);
    if (cause == null) {
      return;
    }
    if (member.foreignWrite() && !mayMend(member)) {
      contested.add(member);
      return;
    }
    changes.add(
        new Change(
            member.service(),
            wanted,
            member.decided(),
            cause,
            home(member, wanted, cause),
            !member.ours()));
  }

  /** Nobody can take it. */
  private void fallBack(Member member) {
    boolean others =
        member.service().spec().selector().keySet().stream()
            .anyMatch(key -> !key.equals(dev.ebb.selector.api.Marks.POD_NAME));
    if (pool.whenNoPod() == WhenNoPod.All && others && member.actual() != null) {
      changes.add(
          new Change(member.service(), null, member.decided(), Cause.FALLBACK, "", !member.ours()));
    }
  }

  private @Nullable Cause cause(Member member, String wanted) {
    String decided = member.decided();
    if (decided == null) {
      return member.foreignWrite() ? Cause.REPAIR : Cause.FIRST;
    }
    if (decided.equals(wanted)) {
      return member.foreignWrite() ? Cause.REPAIR : member.ours() ? null : Cause.ADOPT;
    }
    Seat left = seats.get(decided);
    if (left == null) {
      return Cause.GONE;
    }
    return switch (left.standing()) {
      case TERMINATING -> Cause.TERMINATING;
      case CONDEMNED -> Cause.CONDEMNED;
      case UNREADY, UNLABELLED -> Cause.UNREADY;
      case ELIGIBLE, WARMING, GRACE ->
          wanted.equals(member.home(pool, now)) ? Cause.HOME : Cause.BALANCE;
    };
  }

  private String home(Member member, String wanted, Cause cause) {
    String home = member.home(pool, now);
    if (wanted.equals(home) || pool.homeWindow().isZero() || pool.strategy() != Strategy.Sticky) {
      return "";
    }
    if (home != null && cause != Cause.BALANCE && comesBack(home)) {
      return home + " " + member.leftAt();
    }
    return cause.forced() && member.decided() != null ? member.decided() + " " + now : "";
  }

  /** Not one that its StatefulSet has no place for any more: then the next best is home. */
  private boolean comesBack(String pod) {
    int ordinal = Natural.number(pod);
    boolean placed =
        rule.replicas() == 0
            || (ordinal >= rule.start() && ordinal < rule.start() + rule.replicas());
    Seat seat = seats.get(pod);
    return placed && (seat == null || seat.standing() != Standing.CONDEMNED);
  }

  private boolean mayMend(Member member) {
    Contest contest = observed.contests().get(member.service().key());
    if (contest == null || !now.isBefore(contest.next())) {
      return true;
    }
    at(contest.next());
    return false;
  }

  /**
   * Moves that need not be are put off when there were enough in the last minute, and those of
   * Services that moved a moment ago.
   */
  private void limit(List<Member> members) {
    List<Instant> recent =
        members.stream()
            .map(Member::movedAt)
            .filter(Objects::nonNull)
            .filter(at -> now.isBefore(at.plus(MINUTE)))
            .sorted()
            .toList();
    Map<String, Instant> rests = rests(members);
    long left = (long) pool.maxMovesPerMinute() - recent.size();
    List<Change> late = new ArrayList<>();
    for (Change change : changes) {
      if (!change.cause().move() || change.cause().forced()) {
        continue;
      }
      Instant until = rests.get(change.service().metadata().name());
      if (until != null) {
        late.add(change);
        at(until);
      } else if (left-- <= 0) {
        late.add(change);
        at(recent.isEmpty() ? now.plus(MINUTE) : recent.getFirst().plus(MINUTE));
      }
    }
    changes.removeAll(late);
    deferred = late.size();
    sort();
  }

  /** Until when Services that moved a moment ago stay where they are. */
  private Map<String, Instant> rests(List<Member> members) {
    Map<String, Instant> rests = new HashMap<>();
    for (Member member : members) {
      Instant moved = member.movedAt();
      if (moved != null && now.isBefore(moved.plus(pool.releaseDelay()))) {
        rests.put(member.name(), moved.plus(pool.releaseDelay()));
      }
    }
    return rests;
  }

  private void sort() {
    changes.sort(
        Comparator.comparing((Change c) -> c.cause().forced() ? 0 : 1)
            .thenComparing(c -> c.service().metadata().name(), Natural.ORDER));
  }

  private List<String> missing(Claims claims) {
    if (pool.invalid() || pool.count() == 0) {
      return List.of();
    }
    TreeSet<String> there = new TreeSet<>();
    Stream.of(
            claims.members().stream().map(Member::service),
            claims.refused().stream().map(Claims.Refusal::service))
        .flatMap(s -> s)
        .forEach(s -> there.add(s.metadata().name()));
    observed.services().forEach(s -> there.add(s.metadata().name()));
    return IntStream.range(0, pool.count())
        .mapToObj(i -> pool.prefix() + i)
        .filter(name -> !there.contains(name))
        .toList();
  }

  private Optional<Plan.Held> held() {
    return switch (Stance.of(pool.mode(), observed.freeze())) {
      case ACT -> Optional.empty();
      case WAKE -> observed.freeze().map(f -> new Plan.Held(f.scope().reason(), f.message()));
      case REPORT ->
          Optional.of(new Plan.Held("Observing", "spec.mode is Observe: nothing is changed"));
      case REST -> Optional.of(new Plan.Held("Paused", "spec.mode is Paused: nothing is changed"));
    };
  }

  private void at(@Nullable Instant when) {
    Instant before = lookAgain;
    if (when != null && (before == null || when.isBefore(before))) {
      lookAgain = when;
    }
  }
}
