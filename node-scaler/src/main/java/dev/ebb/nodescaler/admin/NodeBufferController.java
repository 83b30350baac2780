package dev.ebb.nodescaler.admin;

import dev.ebb.nodescaler.admin.BufferView.Simulation;
import dev.ebb.nodescaler.admin.BufferView.Summary;
import dev.ebb.nodescaler.admin.BufferView.Why;
import dev.ebb.nodescaler.api.NodeBuffer;
import dev.ebb.nodescaler.apply.Clouds;
import dev.ebb.nodescaler.plan.Buffer;
import dev.ebb.nodescaler.plan.Decider;
import dev.ebb.nodescaler.plan.Decision;
import dev.ebb.nodescaler.plan.Observed;
import dev.ebb.nodescaler.plan.Scenario;
import dev.ebb.nodescaler.reconcile.BufferReconciler;
import dev.ebb.nodescaler.reconcile.Lookout;
import dev.ebb.runtime.admin.Caller;
import dev.ebb.runtime.admin.Done;
import dev.ebb.runtime.admin.PauseRequest;
import dev.ebb.runtime.admin.PauseVerbs;
import dev.ebb.runtime.admin.Problems;
import dev.ebb.runtime.freeze.Freezes;
import dev.ebb.scaler.ResourceKey;
import io.swagger.v3.oas.annotations.Operation;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
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

/** How many servers can start at once, why nodes stay, what would be done, and pauses. */
@RestController
@RequestMapping("/api/v1")
public class NodeBufferController {

  private static final String ONE = "/namespaces/{namespace}/nodebuffers/{name}";
  private static final int MOST_SERVERS = 100_000;

  private final Lookout lookout;
  private final Clouds clouds;
  private final BufferReconciler decisions;
  private final Freezes freezes;
  private final PauseVerbs<NodeBuffer> verbs;
  private final ExecutorService executor;

  /**
   * Creates the controller.
   *
   * @param decisions what is known of earlier ones
   * @param ebbExecutor runs what asks the API server or a cloud; virtual threads
   */
  public NodeBufferController(
      Lookout lookout,
      Clouds clouds,
      BufferReconciler decisions,
      Freezes freezes,
      PauseVerbs<NodeBuffer> verbs,
      ExecutorService ebbExecutor) {
    this.lookout = lookout;
    this.clouds = clouds;
    this.decisions = decisions;
    this.freezes = freezes;
    this.verbs = verbs;
    this.executor = ebbExecutor;
  }

  /** Lists all buffers. */
  @Operation(summary = "List the buffers of all namespaces with their free slots and nodes")
  @GetMapping("/nodebuffers")
  public Mono<List<Summary>> list() {
    return later(() -> summaries(lookout.all()));
  }

  /** Lists the buffers of a namespace. */
  @Operation(summary = "List the buffers of one namespace with their free slots and nodes")
  @GetMapping("/namespaces/{namespace}/nodebuffers")
  public Mono<List<Summary>> list(@PathVariable String namespace) {
    return later(() -> summaries(lookout.all().filter(b -> b.key().namespace().equals(namespace))));
  }

  private List<Summary> summaries(Stream<Buffer> buffers) {
    return buffers
        .sorted(Comparator.comparing(Buffer::key))
        .map(buffer -> Summary.of(decide(buffer)))
        .toList();
  }

  private Decision decide(Buffer buffer) {
    Clouds.View cloud =
        buffer.invalid()
            ? Clouds.View.NONE
            : clouds.view(buffer.pool(), decisions.refresh(), () -> {});
    return Decider.decide(lookout.situation(buffer, cloud, decisions.memory(buffer), freezes));
  }

  /** Explains one buffer's decision. */
  @Operation(summary = "Decide on one buffer now, without doing it, and show every node and reason")
  @GetMapping(ONE + "/why")
  public Mono<Why> why(@PathVariable String namespace, @PathVariable String name) {
    ResourceKey key = new ResourceKey(namespace, name);
    return later(() ->
        Why.of(
            decide(seen(key)),
            lookout.buffers().get(key).map(b -> b.status().conditions()).orElse(List.of())));
  }

  /** Says what would be decided. */
  @Operation(summary = "Say what would be done with more servers, at another time, or both")
  @GetMapping(ONE + "/simulate")
  public Mono<Simulation> simulate(
      @PathVariable String namespace,
      @PathVariable String name,
      @RequestParam(defaultValue = "0") int servers,
      @RequestParam(required = false) @Nullable String at) {
    if (servers < 0 || servers > MOST_SERVERS) {
      throw Problems.invalid("servers", "must be from 0 to " + MOST_SERVERS);
    }
    Instant time = at == null ? null : time(at);
    ResourceKey key = new ResourceKey(namespace, name);
    return later(() -> {
      Decision decision = decide(seen(key));
      Observed observed = decision.observed();
      if (observed == null) {
        throw Problems.conflict("Invalid", "the buffer makes no sense: see its status");
      }
      Instant when = time == null ? decision.now() : time;
      return Simulation.of(Scenario.of(observed, servers, when), servers, when);
    });
  }

  private static Instant time(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw Problems.invalid("at", "write it as in 2026-12-24T20:00:00+01:00");
    }
  }

  /** Pauses. */
  @Operation(summary = "Leave all nodes as they are, for a time or until it is resumed")
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
    return Caller.of(exchange).flatMap(caller -> later(() -> verb.apply(caller)));
  }

  private <T> Mono<T> later(Callable<T> answer) {
    return Mono.fromCallable(answer).subscribeOn(Schedulers.fromExecutorService(executor));
  }

  private Buffer seen(ResourceKey key) {
    return lookout
        .buffer(key)
        .orElseThrow(() ->
            Problems.notFound(
                "there is no NodeBuffer %s that is looked at; kubectl get nbuf -A lists all"
                    .formatted(key)));
  }

  /** What is answered when there is no such object. */
  public static RuntimeException none(ResourceKey key) {
    return Problems.notFound(
        "there is no NodeBuffer %s ; kubectl get nbuf -A lists all".formatted(key));
  }
}
