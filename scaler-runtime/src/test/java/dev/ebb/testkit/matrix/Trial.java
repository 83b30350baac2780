package dev.ebb.testkit.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.testkit.proxy.ApiRequest;
import dev.ebb.testkit.proxy.Applied;
import dev.ebb.testkit.proxy.Exchange;
import dev.ebb.testkit.proxy.Fault;
import dev.ebb.testkit.proxy.FaultProxy;
import dev.ebb.testkit.proxy.Match;
import dev.ebb.testkit.proxy.Often;
import dev.ebb.testkit.proxy.ProxyClient;
import dev.ebb.testkit.proxy.Rule;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The scenario in one cell: a world, replicas of the service, and the faults that stand between
 * them and the API server. Closing it ends all of them.
 */
final class Trial implements AutoCloseable {

  /** How soon everything must be as it should after a fault is over. */
  static final Duration CONVERGES = Duration.ofSeconds(60);

  /** For how long nothing may be written when everything is as it should be. */
  private static final Duration QUIET = Duration.ofSeconds(3);

  private static final Duration POLL = Duration.ofMillis(200);

  private final String name;
  private final Service service;
  private final Shipped shipped;
  private final Scenario scenario;
  private final FaultProxy proxy;
  private final World world;
  private final Pace pace;
  private final List<Replica> replicas = new CopyOnWriteArrayList<>();
  private final List<Applied> faults = new CopyOnWriteArrayList<>();

  Trial(
      String name,
      Service service,
      Shipped shipped,
      Scenario scenario,
      FaultProxy proxy,
      World world,
      Pace pace) {
    this.name = name;
    this.service = service;
    this.shipped = shipped;
    this.scenario = scenario;
    this.proxy = proxy;
    this.world = world;
    this.pace = pace;
  }

  World world() {
    return world;
  }

  Scenario scenario() {
    return scenario;
  }

  FaultProxy proxy() {
    return proxy;
  }

  /** Makes the world as it is before the service starts. */
  void prepare() {
    world.make();
    scenario.prepare(world);
  }

  // Replicas.

  /** Returns the proxy's client of a replica. */
  ProxyClient client(String replica) {
    return proxy.client(world.namespace() + "." + replica);
  }

  /** Starts a replica in this JVM. */
  InProcess start(String replica, String... more) {
    return start(replica, Duration.ZERO, more);
  }

  /** Starts a replica in this JVM whose wall clock goes wrong. */
  InProcess start(String replica, Duration skew, String... more) {
    int port = Probe.freePort();
    InProcess started =
        new InProcess(service.application(), arguments(replica, port, more), port, skew);
    replicas.add(started);
    return started;
  }

  /** Starts a replica as a process of its own. */
  Child startChild(String replica, String... options) {
    return startChild(
        replica,
        service.folder().resolve(name + "." + replica + ".log").toFile(),
        List.of(options));
  }

  /** Starts a replica as a process of its own that cannot write to its log. */
  Child startChildWithFullDisk(String replica) {
    return startChild(replica, new File("/dev/full"), List.of());
  }

  private Child startChild(String replica, File output, List<String> options) {
    int port = Probe.freePort();
    Child started = new Child(shipped.command(options, arguments(replica, port)), output, port);
    replicas.add(started);
    return started;
  }

  private List<String> arguments(String replica, int port, String... more) {
    return Stream.of(
            service.arguments(world, client(replica).kubeconfig(), replica, port),
            scenario.arguments(world),
            List.of(more))
        .flatMap(List::stream)
        .toList();
  }

  // Faults.

  /** Returns what a match means, for the requests of this world's replicas alone. */
  Match ours(Match match) {
    String prefix = world.namespace() + ".";
    return match.and("here", request -> request.client().startsWith(prefix));
  }

  /** Returns the writes of this world's replicas that count, Events and Leases aside. */
  Match writes() {
    return ours(Match.writes().notOf("events"));
  }

  /** Puts a fault in force for this world alone. */
  Applied apply(Match match, Fault fault, Often often) {
    Applied applied = proxy.apply(Rule.of(ours(match), fault, often));
    faults.add(applied);
    return applied;
  }

  /** Puts a fault in force that happens to each request of this world that matches. */
  Applied apply(Match match, Fault fault) {
    return apply(match, fault, Often.always());
  }

  /** Ends all faults. */
  void heal() {
    faults.forEach(Applied::close);
    faults.clear();
  }

  // The story.

  /** Waits until a replica leads. */
  void leads() {
    until(
        "somebody leads",
        CONVERGES,
        () ->
            exchanges().stream()
                .anyMatch(e -> e.request().ofLease() && e.request().changes() && e.done()));
  }

  /** Lets all acts happen, each when the one before has come to its end. */
  void play() {
    playFrom(0);
  }

  /** Lets the acts happen from one on, the first being number 0. */
  void playFrom(int first) {
    IntStream.range(first, scenario.acts().size()).forEach(this::act);
  }

  /** Lets one act happen and come to its end, the first being number 0. */
  void act(int number) {
    Act act = scenario.acts().get(number);
    act.action().accept(world);
    reached(act);
  }

  /** Lets time pass that the fault itself takes; what comes of it is awaited and not slept for. */
  static void pass(Duration time) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(time.toNanos());
  }

  /** Waits until an act has come to its end. */
  void reached(Act act) {
    reached(act, () -> false);
  }

  /** Waits until an act has come to its end, or it is enough. */
  void reached(Act act, BooleanSupplier enough) {
    holds(
        act.name(),
        CONVERGES,
        () -> {
          if (!enough.getAsBoolean()) {
            act.reached().accept(world);
          }
        });
  }

  /** Waits until something is so. */
  void until(String what, Duration longest, Callable<Boolean> condition) {
    holds(what, longest, () -> assertThat(condition.call()).isTrue());
  }

  /** Asks until an assertion holds; what it looks at may not be there yet, or not any more. */
  private void holds(String what, Duration longest, ThrowingRunnable assertion) {
    pace.await(
        name + ": " + what,
        POLL,
        longest,
        () -> {
          try {
            assertion.run();
            return null;
          } catch (Throwable e) {
            return e;
          }
        });
  }

  /** An assertion on something that may not be there. */
  @FunctionalInterface
  private interface ThrowingRunnable {
    void run() throws Exception;
  }

  // What must hold.

  /** Returns what the replicas asked for so far and what became of it. */
  List<Exchange> exchanges() {
    String prefix = world.namespace() + ".";
    return proxy.exchanges().stream().filter(e -> e.request().client().startsWith(prefix)).toList();
  }

  /** Returns what was written so far, Events and Leases aside. */
  List<Exchange> written() {
    Match writes = writes();
    return exchanges().stream().filter(e -> e.done() && writes.test(e.request())).toList();
  }

  /** Holds the end against one without faults: the same state, each effect as often, then rest. */
  void endsAs(Baseline baseline) {
    endsInTheStateOf(baseline);
    assertThat(counts()).as("effects, creates and deletes").isEqualTo(baseline.counts());
  }

  /** Holds the end state against one without faults, and that nothing is written then. */
  void endsInTheStateOf(Baseline baseline) {
    heal();
    holds(
        "the same end state",
        CONVERGES,
        () -> assertThat(Digest.of(world, scenario)).isEqualTo(baseline.digest()));
    rests();
  }

  /**
   * Holds that a fault struck the k-th write. A run that needed fewer writes than the one without
   * faults, because several changes of status were told at once, has none to strike.
   */
  void struck(Applied fault, int k) {
    Match writes = writes();
    long tried = exchanges().stream().filter(e -> writes.test(e.request())).count();
    assertThat(fault.hits()).isEqualTo(tried >= k ? 1 : 0);
  }

  /** Holds that nothing is written any more. */
  void rests() {
    AtomicReference<Still> still = new AtomicReference<>(new Still(-1, 0));
    holds(
        "rest",
        CONVERGES,
        () -> {
          int writes = written().size();
          if (writes != still.get().writes()) {
            still.set(new Still(writes, System.nanoTime()));
          }
          assertThat(Duration.ofNanos(System.nanoTime() - still.get().since()))
              .as("time since the last of %d writes", writes)
              .isGreaterThan(QUIET);
        });
  }

  /** So many writes have been done since then. */
  private record Still(int writes, long since) {}

  /** Returns how often each effect, each create and each delete was done. */
  Map<String, Long> counts() {
    Match effects = scenario.effects();
    return written().stream()
        .map(Exchange::request)
        .filter(r -> effects.test(r) || r.verb().equals("create") || r.verb().equals("delete"))
        .collect(Collectors.groupingBy(Trial::words, TreeMap::new, Collectors.counting()));
  }

  /** Returns what a request is about, without whose it is. */
  static String words(ApiRequest request) {
    return request.verb()
        + " "
        + request.resource()
        + (request.subresource().isEmpty() ? "" : "/" + request.subresource())
        + (request.name().isEmpty() ? "" : " " + request.name());
  }

  /** Returns what this trial came to, for others to be held against. */
  Baseline baseline(int writesOfFirstAct) {
    return new Baseline(
        Digest.of(world, scenario),
        written().stream().map(Exchange::request).toList(),
        writesOfFirstAct,
        counts(),
        exchanges().stream()
            .map(Exchange::request)
            .takeWhile(request -> !request.ofLease())
            .filter(request -> request.verb().equals("list"))
            .toList());
  }

  /** Returns how many requests the replicas sent since a time. */
  long requestsSince(Instant since) {
    return exchanges().stream().filter(e -> !e.request().at().isBefore(since)).count();
  }

  /** Holds that no replica ever sent more requests than its controllers may. */
  void noStorm() {
    Storms.none(exchanges(), scenario.controllers());
  }

  /** Returns the bugs that the logs of this trial's processes tell of. */
  List<String> mistakes() {
    return replicas.stream().flatMap(replica -> replica.mistakes().stream()).toList();
  }

  /** Returns how many bytes are alive in the fullest of the processes; null when there is none. */
  @Nullable Long heap() {
    return replicas.stream()
        .flatMap(replica -> replica.heap().stream().boxed())
        .max(Long::compare)
        .orElse(null);
  }

  /** Leaves a record of every request behind, and returns where. */
  Path record() {
    List<String> lines = new ArrayList<>();
    for (Exchange exchange : exchanges()) {
      lines.add(exchange.request().at() + " " + exchange);
      if (exchange.request().changes()) {
        lines.add("    " + exchange.request().body());
      }
    }
    lines.add("objects at the end:");
    lines.addAll(Digest.of(world, scenario));
    try {
      Files.createDirectories(service.folder());
      return Files.write(service.folder().resolve(name + ".requests"), lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    heal();
    replicas.forEach(Replica::close);
    // Nobody is left who would release them.
    world.end(scenario.kinds());
  }

  /** Returns the service's own objects. */
  List<JsonNode> own() {
    return world.client().list(scenario.kinds().getFirst(), world.namespace(), Map.of()).items();
  }
}
