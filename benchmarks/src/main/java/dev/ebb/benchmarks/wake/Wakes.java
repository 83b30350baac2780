package dev.ebb.benchmarks.wake;

import dev.ebb.benchmarks.report.Bound;
import dev.ebb.benchmarks.report.Figure;
import dev.ebb.benchmarks.report.Spread;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * All wakes of a run. A gateway's first one, which also loads what is only used then, is kept apart
 * from the others. Not thread-safe.
 */
final class Wakes {

  private final Set<String> gateways = new HashSet<>();
  private final List<Wake> first = new ArrayList<>();
  private final List<Wake> others = new ArrayList<>();

  /** Takes one wake. */
  void add(Wake wake) {
    (gateways.add(wake.gateway()) ? first : others).add(wake);
  }

  /** How many there are that were not a gateway's first. */
  int warm() {
    return others.size();
  }

  /** The table's rows, with gates on those of which there are. */
  List<Figure> figures() {
    List<Figure> figures = new ArrayList<>();
    figures.addAll(
        spread(others, w -> w.patched() - w.sent())
            .figures("request → patch", Bound.atMost(30, 10), Bound.atMost(80, 30)));
    figures.addAll(spread(others, w -> w.created() - w.patched()).figures("patch → pod created"));
    figures.addAll(spread(others, w -> w.bound() - w.created()).figures("pod created → bound"));
    figures.addAll(
        spread(others, w -> w.started() - w.bound()).figures("bound → the app's own code"));
    figures.addAll(spread(others, w -> w.accepted() - w.started()).figures("own code → app ready"));
    figures.addAll(
        spread(others, w -> w.firstByte() - w.accepted())
            .figures("app ready → first byte", Bound.atMost(60, 20), Bound.atMost(150, 60)));
    figures.addAll(spread(others, w -> w.firstByte() - w.sent()).figures("request → first byte"));
    figures.addAll(
        spread(first, w -> w.patched() - w.sent())
            .figures("a gateway's first wake: request → patch"));
    figures.addAll(
        spread(first, w -> w.firstByte() - w.accepted())
            .figures("a gateway's first wake: app ready → first byte"));
    return figures;
  }

  private static Spread spread(List<Wake> wakes, ToLongFunction<Wake> duration) {
    Spread spread = new Spread();
    wakes.forEach(wake -> spread.add(duration.applyAsLong(wake)));
    return spread;
  }
}
