package dev.ebb.nodescaler.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.scaler.nodes.NodePool;
import dev.ebb.scaler.nodes.NodePool.Machine;
import dev.ebb.scaler.nodes.NodePool.State;
import dev.ebb.scaler.nodes.NodeProvider;
import dev.ebb.scaler.nodes.NodeProviderException;
import dev.ebb.scaler.nodes.NodeProviderException.Kind;
import dev.ebb.scaler.nodes.PoolReference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A cloud with one pool that answers late, wrongly or not at all when it is told to, and that
 * judges what it is asked: whoever is asked to delete a machine knows best who plays on it.
 */
final class WorldCloud implements NodeProvider {

  /** What it is asked is judged by this. */
  interface Judge {
    /** Somebody asks how things are. */
    void asked();

    /** Somebody wants so many machines. */
    void growing(int from, int to);

    /** Somebody wants this machine gone. */
    void deleting(String node);
  }

  private final Judge judge;
  private final Map<String, State> machines = new LinkedHashMap<>();
  private int size;
  private int made;
  private int failing;
  private Kind failure = Kind.UNAVAILABLE;
  private boolean answersAreLost;
  private @Nullable NodePool stale;
  private int staleReads;
  private boolean lagged;

  WorldCloud(int size, Judge judge) {
    this.judge = judge;
    this.size = size;
    fill(State.RUNNING);
  }

  private void fill(State state) {
    while (live().size() < size) {
      machines.put("n" + made++, state);
    }
  }

  private List<String> live() {
    return machines.entrySet().stream()
        .filter(e -> e.getValue() != State.DELETING)
        .map(Map.Entry::getKey)
        .toList();
  }

  // What happens to it.

  void fail(int times, Kind kind) {
    failing = times;
    failure = kind;
    answersAreLost = false;
  }

  void loseAnswers(int times) {
    failing = times;
    failure = Kind.UNAVAILABLE;
    answersAreLost = true;
  }

  /** The next reads say what is so now, whatever becomes of it. */
  void lag(int reads) {
    lagged = true;
    stale = truth();
    staleReads = reads;
  }

  void heal() {
    failing = 0;
    staleReads = 0;
    stale = null;
  }

  boolean lags() {
    return lagged;
  }

  /** Brings so many machines that it owes; returns their names. */
  List<String> bring(int most) {
    List<String> brought = new ArrayList<>();
    machines.replaceAll((name, state) -> {
      if (state == State.PROVISIONING && brought.size() < most) {
        brought.add(name);
        return State.RUNNING;
      }
      return state;
    });
    return brought;
  }

  /** Ends the machines that are being deleted; returns their names. */
  List<String> end() {
    List<String> ended =
        machines.entrySet().stream()
            .filter(e -> e.getValue() == State.DELETING)
            .map(Map.Entry::getKey)
            .toList();
    ended.forEach(machines::remove);
    return ended;
  }

  /** Loses a machine by itself, and makes another; returns whether it had one by this name. */
  boolean lose(String node) {
    if (machines.remove(node) == null) {
      return false;
    }
    fill(State.PROVISIONING);
    return true;
  }

  int size() {
    return size;
  }

  private NodePool truth() {
    List<Machine> all = new ArrayList<>();
    machines.forEach((name, state) ->
        all.add(new Machine("id-" + name, state == State.PROVISIONING ? "" : name, state, "")));
    return new NodePool(size, false, all);
  }

  // What it is asked.

  @Override
  public String type() {
    return "world";
  }

  private void fault() {
    if (failing > 0 && !answersAreLost) {
      failing--;
      throw new NodeProviderException(failure, "fault " + failure);
    }
  }

  private void lost() {
    if (failing > 0 && answersAreLost) {
      failing--;
      throw new NodeProviderException(Kind.UNAVAILABLE, "the answer is lost");
    }
  }

  @Override
  public NodePool read(PoolReference pool) {
    judge.asked();
    fault();
    if (staleReads > 0 && stale != null) {
      staleReads--;
      return stale;
    }
    return truth();
  }

  @Override
  public int grow(PoolReference pool, int wanted) {
    fault();
    if (wanted > size) {
      judge.growing(size, wanted);
      size = wanted;
      fill(State.PROVISIONING);
    }
    lost();
    return size;
  }

  @Override
  public void delete(PoolReference pool, Machine machine, boolean drain) {
    fault();
    String name = machine.id().substring("id-".length());
    State state = machines.get(name);
    if (state != null && state != State.DELETING) {
      judge.deleting(name);
      machines.put(name, State.DELETING);
      size--;
      assertThat(size).as("a pool's size").isNotNegative();
    }
    lost();
  }

  /** Returns the machines that run or are to. */
  TreeSet<String> names() {
    return new TreeSet<>(live());
  }
}
