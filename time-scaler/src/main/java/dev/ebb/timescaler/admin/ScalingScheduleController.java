package dev.ebb.timescaler.admin;

import dev.ebb.runtime.admin.Caller;
import dev.ebb.runtime.admin.Done;
import dev.ebb.runtime.admin.PauseRequest;
import dev.ebb.runtime.admin.PauseVerbs;
import dev.ebb.runtime.admin.Problems;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.timeplan.Simulation;
import dev.ebb.timescaler.api.ScalingSchedule;
import dev.ebb.timescaler.plan.ScheduleObserved;
import dev.ebb.timescaler.plan.SchedulePlanner;
import dev.ebb.timescaler.reconcile.Lookout;
import dev.ebb.timescaler.reconcile.ScalingScheduleReconciler;
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
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** What the time-scaler does for each ScalingSchedule and why, and what may be asked of it. */
@RestController
@RequestMapping("/api/v1")
public class ScalingScheduleController {

  private static final String ONE = "/namespaces/{namespace}/scalingschedules/{name}";

  private final Lookout lookout;
  private final ScalingScheduleReconciler reconciler;
  private final PauseVerbs<ScalingSchedule> verbs;
  private final InstantSource clock;
  private final ExecutorService executor;

  /**
   * Creates the controller.
   *
   * @param reconciler tells what a decision stands on
   * @param ebbExecutor runs what asks the API server; virtual threads
   */
  public ScalingScheduleController(
      Lookout lookout,
      ScalingScheduleReconciler reconciler,
      PauseVerbs<ScalingSchedule> verbs,
      InstantSource clock,
      ExecutorService ebbExecutor) {
    this.lookout = lookout;
    this.reconciler = reconciler;
    this.verbs = verbs;
    this.clock = clock;
    this.executor = ebbExecutor;
  }

  /** Lists all resources. */
  @Operation(summary = "List the ScalingSchedules of all namespaces with what holds and comes next")
  @GetMapping("/scalingschedules")
  public List<Summary> list() {
    return summaries(lookout.schedules().list().stream());
  }

  /** Lists the resources of a namespace. */
  @Operation(summary = "List the ScalingSchedules of one namespace with what holds and comes next")
  @GetMapping("/namespaces/{namespace}/scalingschedules")
  public List<Summary> list(@PathVariable String namespace) {
    return summaries(lookout.schedules().inNamespace(namespace));
  }

  private static List<Summary> summaries(Stream<ScalingSchedule> schedules) {
    return schedules.sorted(Comparator.comparing(ScalingSchedule::key)).map(Summary::of).toList();
  }

  /** Shows one resource. */
  @Operation(summary = "Show one ScalingSchedule's status as the time-scaler last saw it")
  @GetMapping(ONE)
  public ScalingSchedule.Status get(@PathVariable String namespace, @PathVariable String name) {
    return seen(new ResourceKey(namespace, name)).status();
  }

  /** Explains one resource's decision. */
  @Operation(summary = "Decide on one ScalingSchedule now, without doing it, and show every input")
  @GetMapping(ONE + "/why")
  public Why why(@PathVariable String namespace, @PathVariable String name) {
    ScheduleObserved observed = reconciler.observe(seen(new ResourceKey(namespace, name)));
    return Why.of(observed.now(), SchedulePlanner.plan(observed));
  }

  /** Tells what a schedule will do. */
  @Operation(
      summary = "Show what one ScalingSchedule would do in a time, a week from now unless said")
  @GetMapping(ONE + "/simulate")
  public Simulation simulate(
      @PathVariable String namespace,
      @PathVariable String name,
      @RequestParam(required = false) @Nullable String from,
      @RequestParam(required = false) @Nullable String to) {
    ScheduleObserved observed = reconciler.observe(seen(new ResourceKey(namespace, name)));
    SimulatedTime time = SimulatedTime.of(from, to, clock.instant());
    return SchedulePlanner.simulate(observed, time.from(), time.to());
  }

  /** Pauses. */
  @Operation(summary = "Leave a target as it is, for a time or until it is resumed")
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

  private ScalingSchedule seen(ResourceKey key) {
    return lookout.schedules().get(key).orElseThrow(() -> none(key));
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
        "there is no ScalingSchedule %s ; kubectl get ssched -A lists all".formatted(key));
  }
}
