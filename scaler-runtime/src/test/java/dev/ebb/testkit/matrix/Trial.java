package dev.ebb.testkit.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ebb.runtime.kube.KubeClient;
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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * The scenario in one cell: a world, replicas of the service, and the faults that stand between
 * them and the API server. Closing it ends all of them.
 */
final class Trial implements AutoCloseable {

  /** How soon everything must be as it should after a fault is over. */
  static final Duration CONVERGES = Duration.ofSeconds(60);

  /** How long a start may take on a machine that is busy with other builds. */
  static final Duration STARTS = Duration.ofMinutes(2);

  /** For how long nothing may be written when everything is as it should be. */
  private static final Duration QUIET = Duration.ofSeconds(3);

  private static final Duration POLL = Duration.ofMillis(200);

  private final String name;
  private final Duration patience;
  private final Service service;
  private final Supplier<Shipped> shipped;
  private final Scenario scenario;
  private final FaultProxy proxy;
  private final World world;
  private final List<Replica> replicas = new CopyOnWriteArrayList<>();
  private final List<Applied> faults = new CopyOnWriteArrayList<>();

  Trial(
      String name,
      Duration patience,
      Service service,
      Supplier<Shipped> shipped,
      Scenario scenario,
      FaultProxy proxy,
      World world) {
    this.name = name;
    this.patience = patience;
    this.service = service;
    this.shipped = shipped;
    this.scenario = scenario;
    this.proxy = proxy;
    this.world = world;
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
    world.cluster().kubectl("create", "namespace", world.namespace()).orThrow();
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
    Child started =
        new Child(shipped.get().command(options, arguments(replica, port)), output, port);
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
        STARTS,
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
    await(act.name())
        .pollInterval(POLL)
        .atMost(patience)
        .untilAsserted(() -> act.reached().accept(world));
  }

  /** Waits until something is so. */
  void until(String what, Duration longest, java.util.concurrent.Callable<Boolean> condition) {
    await(what).pollInterval(Duration.ofMillis(100)).atMost(longest).until(condition);
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
    await("the same end state")
        .pollInterval(POLL)
        .atMost(patience)
        .untilAsserted(
            () -> assertThat(Digest.of(world, scenario.kinds())).isEqualTo(baseline.digest()));
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
    await("rest")
        .pollInterval(POLL)
        .atMost(patience)
        .during(QUIET)
        .until(new Steady<>(() -> written().size()));
  }

  /** True while a value stays what it was when it was first looked at. */
  private static final class Steady<T> implements java.util.concurrent.Callable<Boolean> {
    private final Supplier<T> value;
    private java.util.Optional<T> before = java.util.Optional.empty();

    Steady(Supplier<T> value) {
      this.value = value;
    }

    @Override
    public Boolean call() {
      java.util.Optional<T> now = java.util.Optional.of(value.get());
      boolean same = before.isEmpty() || before.equals(now);
      before = now;
      return same;
    }
  }

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
        Digest.of(world, scenario.kinds()),
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
    lines.addAll(Digest.of(world, scenario.kinds()));
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
    world
        .cluster()
        .kubectl("delete", "namespace", world.namespace(), "--wait=false", "--ignore-not-found");
    // Nobody is left who would release them.
    for (JsonNode object : own()) {
      world
          .client()
          .patch(
              scenario.kinds().getFirst(),
              world.key(object.at("/metadata/name").asString()),
              null,
              KubeClient.PatchType.MERGE,
              Map.of("metadata", Map.of("finalizers", List.of())));
    }
  }

  /** Returns the service's own objects. */
  List<JsonNode> own() {
    return world.client().list(scenario.kinds().getFirst(), world.namespace(), Map.of()).items();
  }
}
