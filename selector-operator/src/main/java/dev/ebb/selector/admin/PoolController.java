package dev.ebb.selector.admin;

import dev.ebb.runtime.admin.Caller;
import dev.ebb.runtime.admin.Done;
import dev.ebb.runtime.admin.PauseRequest;
import dev.ebb.runtime.admin.PauseVerbs;
import dev.ebb.runtime.admin.Problems;
import dev.ebb.runtime.freeze.Freezes;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.selector.admin.PoolView.Route;
import dev.ebb.selector.admin.PoolView.Simulation;
import dev.ebb.selector.admin.PoolView.Summary;
import dev.ebb.selector.admin.PoolView.Why;
import dev.ebb.selector.api.ServicePool;
import dev.ebb.selector.plan.Member;
import dev.ebb.selector.plan.Observed;
import dev.ebb.selector.plan.Plan;
import dev.ebb.selector.plan.Planner;
import dev.ebb.selector.plan.Pool;
import dev.ebb.selector.plan.Scenario;
import dev.ebb.selector.reconcile.Lookout;
import dev.ebb.selectorclient.Bucket;
import io.swagger.v3.oas.annotations.Operation;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Which Services belong to which pods and why, where a key is served, and pauses. */
@RestController
@RequestMapping("/api/v1")
public class PoolController {

  private static final String ONE = "/namespaces/{namespace}/servicepools/{name}";

  private final Lookout lookout;
  private final Freezes freezes;
  private final PauseVerbs<ServicePool> verbs;
  private final ExecutorService executor;

  /**
   * Creates the controller.
   *
   * @param ebbExecutor runs what asks the API server; virtual threads
   */
  public PoolController(
      Lookout lookout,
      Freezes freezes,
      PauseVerbs<ServicePool> verbs,
      ExecutorService ebbExecutor) {
    this.lookout = lookout;
    this.freezes = freezes;
    this.verbs = verbs;
    this.executor = ebbExecutor;
  }

  /** Lists all pools. */
  @Operation(summary = "List the pools of all namespaces with their Services and pods")
  @GetMapping("/servicepools")
  public List<Summary> list() {
    return summaries(lookout.all());
  }

  /** Lists the pools of a namespace. */
  @Operation(summary = "List the pools of one namespace with their Services and pods")
  @GetMapping("/namespaces/{namespace}/servicepools")
  public List<Summary> list(@PathVariable String namespace) {
    return summaries(lookout.all().filter(p -> p.key().namespace().equals(namespace)));
  }

  private List<Summary> summaries(Stream<Pool> pools) {
    return pools
        .sorted(java.util.Comparator.comparing(Pool::key))
        .map(pool -> {
          Observed observed = observe(pool);
          return Summary.of(observed, Planner.plan(observed));
        })
        .toList();
  }

  private Observed observe(Pool pool) {
    return lookout.observe(pool, freezes, Map.of());
  }

  /** Explains one pool's decision. */
  @Operation(summary = "Decide on one pool now, without doing it, and show every input")
  @GetMapping(ONE + "/why")
  public Why why(@PathVariable String namespace, @PathVariable String name) {
    ResourceKey key = new ResourceKey(namespace, name);
    Observed observed = observe(seen(key));
    return Why.of(
        observed,
        Planner.plan(observed),
        lookout.pools().get(key).map(p -> p.status().conditions()).orElse(List.of()));
  }

  /** Says where a key is served. */
  @Operation(summary = "Say which Service and which pod a key belongs to now")
  @GetMapping(ONE + "/route")
  public Route route(
      @PathVariable String namespace, @PathVariable String name, @RequestParam String key) {
    Plan plan = Planner.plan(observe(seen(new ResourceKey(namespace, name))));
    List<Member> members = plan.claims().members();
    if (members.isEmpty()) {
      throw Problems.notFound("the pool has no Services; see its status");
    }
    int bucket = Bucket.of(key, members.size());
    Member member = members.get(bucket);
    return new Route(key, bucket, member.service().metadata().name(), member.actual());
  }

  /** Says what the map would be with another number of pods. */
  @Operation(summary = "Say what the map would be with another number of pods, and what would move")
  @GetMapping(ONE + "/simulate")
  public Simulation simulate(
      @PathVariable String namespace, @PathVariable String name, @RequestParam int pods) {
    if (pods < 1 || pods > 1000) {
      throw Problems.invalid("pods", "must be from 1 to 1000");
    }
    Scenario scenario = Scenario.of(observe(seen(new ResourceKey(namespace, name))), pods);
    return new Simulation(pods, scenario.moves(), scenario.map());
  }

  /** Pauses. */
  @Operation(summary = "Leave all Services where they are, for a time or until it is resumed")
  @PostMapping(ONE + "/pause")
  public Mono<Done> pause(
      @PathVariable String namespace,
      @PathVariable String name,
      @RequestBody(required = false) @Nullable PauseRequest request,
      ServerWebExchange exchange) {
    PauseRequest wanted = request == null ? new PauseRequest(null) : request;
    return ask(exchange, caller -> verbs.pause(new ResourceKey(namespace, name), wanted, caller));
  }

  /** Resumes. */
  @Operation(summary = "End a pause; asks for the right to pause")
  @PostMapping(ONE + "/resume")
  public Mono<Done> resume(
      @PathVariable String namespace, @PathVariable String name, ServerWebExchange exchange) {
    return ask(exchange, caller -> verbs.resume(new ResourceKey(namespace, name), caller));
  }

  private Mono<Done> ask(ServerWebExchange exchange, Function<Caller, Done> verb) {
    return Caller.of(exchange)
        .flatMap(caller ->
            Mono.fromCallable(() -> verb.apply(caller))
                .subscribeOn(Schedulers.fromExecutorService(executor)));
  }

  private Pool seen(ResourceKey key) {
    return lookout
        .pool(key)
        .orElseThrow(() ->
            Problems.notFound(
                "there is no ServicePool %s that is looked at; kubectl get svcpool -A lists all"
                    .formatted(key)));
  }

  /** What is answered when there is no such object. */
  public static RuntimeException none(ResourceKey key) {
    return Problems.notFound(
        "there is no ServicePool %s ; kubectl get svcpool -A lists all".formatted(key));
  }
}
