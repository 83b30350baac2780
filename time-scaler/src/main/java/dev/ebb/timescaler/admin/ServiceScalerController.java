package dev.ebb.timescaler.admin;

import dev.ebb.runtime.admin.Caller;
import dev.ebb.runtime.admin.Done;
import dev.ebb.runtime.admin.PauseRequest;
import dev.ebb.runtime.admin.PauseVerbs;
import dev.ebb.runtime.admin.Problems;
import dev.ebb.runtime.freeze.Freezes;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.timescaler.api.ServiceScaler;
import dev.ebb.timescaler.plan.Observed;
import dev.ebb.timescaler.plan.Planner;
import dev.ebb.timescaler.reconcile.Lookout;
import io.swagger.v3.oas.annotations.Operation;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** What the time-scaler does for each ServiceScaler and why, and what may be asked of it. */
@RestController
@RequestMapping("/api/v1")
public class ServiceScalerController {

  private static final String ONE = "/namespaces/{namespace}/servicescalers/{name}";

  private final Lookout lookout;
  private final Freezes freezes;
  private final PauseVerbs<ServiceScaler> verbs;
  private final InstantSource clock;
  private final ExecutorService executor;

  /**
   * Creates the controller.
   *
   * @param ebbExecutor runs what asks the API server; virtual threads
   */
  public ServiceScalerController(
      Lookout lookout,
      Freezes freezes,
      PauseVerbs<ServiceScaler> verbs,
      InstantSource clock,
      ExecutorService ebbExecutor) {
    this.lookout = lookout;
    this.freezes = freezes;
    this.verbs = verbs;
    this.clock = clock;
    this.executor = ebbExecutor;
  }

  /** Lists all resources. */
  @Operation(summary = "List the ServiceScalers of all namespaces with what holds and comes next")
  @GetMapping("/servicescalers")
  public List<Summary> list() {
    return summaries(lookout.scalers().list().stream());
  }

  /** Lists the resources of a namespace. */
  @Operation(summary = "List the ServiceScalers of one namespace with what holds and comes next")
  @GetMapping("/namespaces/{namespace}/servicescalers")
  public List<Summary> list(@PathVariable String namespace) {
    return summaries(lookout.scalers().inNamespace(namespace));
  }

  private static List<Summary> summaries(Stream<ServiceScaler> scalers) {
    return scalers.sorted(Comparator.comparing(ServiceScaler::key)).map(Summary::of).toList();
  }

  /** Shows one resource. */
  @Operation(summary = "Show one ServiceScaler's status as the time-scaler last saw it")
  @GetMapping(ONE)
  public ServiceScaler.Status get(@PathVariable String namespace, @PathVariable String name) {
    return seen(new ResourceKey(namespace, name)).status();
  }

  /** Explains one resource's decision. */
  @Operation(summary = "Decide on one ServiceScaler now, without doing it, and show every input")
  @GetMapping(ONE + "/why")
  public Why why(@PathVariable String namespace, @PathVariable String name) {
    ServiceScaler scaler = seen(new ResourceKey(namespace, name));
    Observed observed =
        new Observed(
            scaler,
            lookout.hpas().get(scaler.key()).orElse(null),
            freezes.of(namespace),
            clock.instant());
    return Why.of(observed, Planner.plan(observed));
  }

  /** Pauses. */
  @Operation(summary = "Leave an HPA as it is, for a time or until it is resumed")
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

  private ServiceScaler seen(ResourceKey key) {
    return lookout.scalers().get(key).orElseThrow(() -> none(key));
  }

  private Mono<Done> ask(ServerWebExchange exchange, Function<Caller, Done> verb) {
    return Caller.of(exchange)
        .flatMap(caller ->
            Mono.fromCallable(() -> verb.apply(caller))
                .subscribeOn(Schedulers.fromExecutorService(executor)));
  }

  /** What is answered when there is no such object. */
  public static RuntimeException none(ResourceKey key) {
    return Problems.notFound(
        "there is no ServiceScaler %s that is looked at; kubectl get ss -A lists all"
            .formatted(key));
  }
}
