package dev.ebb.autoscaler.admin;

import dev.ebb.autoscaler.plan.Planner;
import dev.ebb.autoscaler.reconcile.Lookout;
import dev.ebb.autoscaler.reconcile.Observer;
import dev.ebb.runtime.admin.Caller;
import dev.ebb.runtime.admin.Done;
import dev.ebb.runtime.admin.PauseRequest;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.scaler.ResourceKey;
import io.swagger.v3.oas.annotations.Operation;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** What the autoscaler does for each ScaledResource and why, and what may be asked of it. */
@RestController
@ConditionalOnWebApplication
@RequestMapping("/api/v1")
public class ScaledResourceController {

  private static final String ONE = "/namespaces/{namespace}/scaledresources/{name}";

  private final Lookout lookout;
  private final Observer observer;
  private final Planner planner;
  private final ScaledResourceVerbs verbs;
  private final ExecutorService executor;

  /**
   * Creates the controller.
   *
   * @param ebbExecutor runs what asks the API server; virtual threads
   */
  public ScaledResourceController(
      Lookout lookout,
      Observer observer,
      Planner planner,
      ScaledResourceVerbs verbs,
      ExecutorService ebbExecutor) {
    this.lookout = lookout;
    this.observer = observer;
    this.planner = planner;
    this.verbs = verbs;
    this.executor = ebbExecutor;
  }

  /** Lists all resources. */
  @Operation(summary = "List the ScaledResources of all namespaces with their states")
  @GetMapping("/scaledresources")
  public List<Summary> list() {
    return summaries(lookout.scaledResources().list().stream());
  }

  /** Lists the resources of a namespace. */
  @Operation(summary = "List the ScaledResources of one namespace with their states")
  @GetMapping("/namespaces/{namespace}/scaledresources")
  public List<Summary> list(@PathVariable String namespace) {
    return summaries(lookout.scaledResources().inNamespace(namespace));
  }

  private static List<Summary> summaries(Stream<ScaledResource> resources) {
    return resources.sorted(Comparator.comparing(ScaledResource::key)).map(Summary::of).toList();
  }

  /** Shows one resource. */
  @Operation(summary = "Show one ScaledResource's status as the autoscaler last saw it")
  @GetMapping(ONE)
  public ScaledResource.Status get(@PathVariable String namespace, @PathVariable String name) {
    return seen(new ResourceKey(namespace, name)).status();
  }

  /** Explains one resource's decision. */
  @Operation(summary = "Decide on one ScaledResource now, without doing it, and show every input")
  @GetMapping(ONE + "/why")
  public Mono<Why> why(@PathVariable String namespace, @PathVariable String name) {
    ScaledResource resource = seen(new ResourceKey(namespace, name));
    return blocking(() -> Why.of(planner.plan(observer.cached(resource))));
  }

  /** Wakes. */
  @Operation(summary = "Wake a workload that Ebb put to sleep")
  @PostMapping(ONE + "/wake")
  public Mono<Done> wake(
      @PathVariable String namespace, @PathVariable String name, ServerWebExchange exchange) {
    return ask(exchange, caller -> verbs.wake(new ResourceKey(namespace, name), caller));
  }

  /** Lets sleep. */
  @Operation(
      summary = "Let a workload sleep without waiting for spec.idleAfter",
      description =
          "Everything else must still allow it; waitsFor says what does not. The next request, or"
              + " five minutes, end the wish.")
  @PostMapping(ONE + "/sleep")
  public Mono<Done> sleep(
      @PathVariable String namespace, @PathVariable String name, ServerWebExchange exchange) {
    return ask(exchange, caller -> verbs.sleep(new ResourceKey(namespace, name), caller));
  }

  /** Pauses. */
  @Operation(summary = "Leave a workload as it is, for a time or until it is resumed")
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

  /** Tries again. */
  @Operation(summary = "Try again what Ebb gave up because others undid it")
  @PostMapping(ONE + "/retry")
  public Mono<Done> retry(
      @PathVariable String namespace, @PathVariable String name, ServerWebExchange exchange) {
    return ask(exchange, caller -> verbs.retry(new ResourceKey(namespace, name), caller));
  }

  private ScaledResource seen(ResourceKey key) {
    return lookout.scaledResources().get(key).orElseThrow(() -> ScaledResourceVerbs.none(key));
  }

  private Mono<Done> ask(ServerWebExchange exchange, Function<Caller, Done> verb) {
    return Caller.of(exchange).flatMap(caller -> blocking(() -> verb.apply(caller)));
  }

  private <T> Mono<T> blocking(Callable<T> work) {
    return Mono.fromCallable(work).subscribeOn(Schedulers.fromExecutorService(executor));
  }
}
