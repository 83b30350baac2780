package dev.ebb.cleanup.admin;

import dev.ebb.cleanup.api.ScaleDownCleanup;
import dev.ebb.cleanup.plan.Planner;
import dev.ebb.cleanup.reconcile.Lookout;
import dev.ebb.cleanup.reconcile.Observer;
import dev.ebb.runtime.admin.Caller;
import dev.ebb.runtime.admin.Done;
import dev.ebb.scaler.ResourceKey;
import io.swagger.v3.oas.annotations.Operation;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.stream.Stream;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** What becomes of ordinals that StatefulSets were scaled away from, and what may be asked. */
@RestController
@RequestMapping("/api/v1")
public class CleanupController {

  private static final String ONE = "/namespaces/{namespace}/scaledowncleanups/{name}";

  private final Lookout lookout;
  private final Observer observer;
  private final CleanupVerbs verbs;
  private final ExecutorService executor;

  /**
   * Creates the controller.
   *
   * @param ebbExecutor runs what asks the API server; virtual threads
   */
  public CleanupController(
      Lookout lookout, Observer observer, CleanupVerbs verbs, ExecutorService ebbExecutor) {
    this.lookout = lookout;
    this.observer = observer;
    this.verbs = verbs;
    this.executor = ebbExecutor;
  }

  /** Lists all cleanups. */
  @Operation(summary = "List the ScaleDownCleanups of all namespaces")
  @GetMapping("/scaledowncleanups")
  public List<Summary> list() {
    return summaries(lookout.records().list().stream());
  }

  /** Lists the cleanups of a namespace. */
  @Operation(summary = "List the ScaleDownCleanups of one namespace")
  @GetMapping("/namespaces/{namespace}/scaledowncleanups")
  public List<Summary> list(@PathVariable String namespace) {
    return summaries(lookout.records().inNamespace(namespace));
  }

  private static List<Summary> summaries(Stream<ScaleDownCleanup> records) {
    return records.sorted(Comparator.comparing(ScaleDownCleanup::key)).map(Summary::of).toList();
  }

  /** Shows one cleanup. */
  @Operation(summary = "Show one ScaleDownCleanup's status as the controller last saw it")
  @GetMapping(ONE)
  public ScaleDownCleanup.Status get(@PathVariable String namespace, @PathVariable String name) {
    return seen(new ResourceKey(namespace, name)).status();
  }

  /** Explains what would be done now. */
  @Operation(summary = "Decide now, without doing it, on the set of one ScaleDownCleanup")
  @GetMapping(ONE + "/why")
  public Why why(@PathVariable String namespace, @PathVariable String name) {
    ScaleDownCleanup record = seen(new ResourceKey(namespace, name));
    return Why.of(
        record,
        Planner.plan(observer.observe(new ResourceKey(namespace, record.spec().statefulSet()))));
  }

  /** Begins anew. */
  @Operation(summary = "Begin a cleanup anew that failed or was stopped")
  @PostMapping(ONE + "/retry")
  public Mono<Done> retry(
      @PathVariable String namespace, @PathVariable String name, ServerWebExchange exchange) {
    return ask(new ResourceKey(namespace, name), "retry", exchange);
  }

  /** Keeps the claims. */
  @Operation(summary = "Keep the claims of an ordinal as they are, and clean up nothing")
  @PostMapping(ONE + "/skip")
  public Mono<Done> skip(
      @PathVariable String namespace, @PathVariable String name, ServerWebExchange exchange) {
    return ask(new ResourceKey(namespace, name), "skip", exchange);
  }

  /** Stops. */
  @Operation(summary = "Stop a cleanup until it is retried; its claims stay")
  @PostMapping(ONE + "/cancel")
  public Mono<Done> cancel(
      @PathVariable String namespace, @PathVariable String name, ServerWebExchange exchange) {
    return ask(new ResourceKey(namespace, name), "cancel", exchange);
  }

  private ScaleDownCleanup seen(ResourceKey key) {
    return lookout.records().get(key).orElseThrow(() -> CleanupVerbs.none(key));
  }

  private Mono<Done> ask(ResourceKey key, String verb, ServerWebExchange exchange) {
    return Caller.of(exchange)
        .flatMap(caller ->
            Mono.fromCallable(() -> verbs.ask(key, verb, caller))
                .subscribeOn(Schedulers.fromExecutorService(executor)));
  }
}
