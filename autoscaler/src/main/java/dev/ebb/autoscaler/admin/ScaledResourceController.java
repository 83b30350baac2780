package dev.ebb.autoscaler.admin;

import dev.ebb.autoscaler.plan.Gate;
import dev.ebb.autoscaler.plan.Plan;
import dev.ebb.autoscaler.plan.Planner;
import dev.ebb.autoscaler.plan.Problem;
import dev.ebb.autoscaler.reconcile.Lookout;
import dev.ebb.autoscaler.reconcile.Observer;
import dev.ebb.runtime.model.Durations;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.scaler.ScalerException;
import io.swagger.v3.oas.annotations.Operation;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** What the autoscaler does for each ScaledResource, and why. Reads only. */
@RestController
@RequestMapping("/api/v1")
public class ScaledResourceController {

  private final Lookout lookout;
  private final Observer observer;
  private final Planner planner;
  private final ExecutorService executor;

  /**
   * Creates the controller.
   *
   * @param executor runs what asks the API server; virtual threads
   */
  public ScaledResourceController(
      Lookout lookout, Observer observer, Planner planner, ExecutorService ebbExecutor) {
    this.lookout = lookout;
    this.observer = observer;
    this.planner = planner;
    this.executor = ebbExecutor;
  }

  /** One line about a resource. */
  public record Summary(
      String namespace,
      String name,
      @Nullable String target,
      ScaledResource.@Nullable State state,
      @Nullable Integer replicas,
      @Nullable String message) {

    static Summary of(ScaledResource resource) {
      var target = resource.target();
      return new Summary(
          resource.metadata().namespace(),
          resource.metadata().name(),
          target == null ? null : target.kind() + "/" + target.key().name(),
          resource.status().state(),
          resource.status().replicas(),
          resource.status().message());
    }
  }

  /**
   * The decision as it would be made now.
   *
   * @param state what the workload does
   * @param decision what would be done, empty for nothing
   * @param shut the gates that keep it up, empty when it may sleep
   * @param gates everything that must hold before it may sleep, with its value
   * @param problems what is wrong, with the remedy
   * @param lookAgainIn when it is decided anew if nothing happens; null for not
   */
  public record Why(
      ScaledResource.@Nullable State state,
      @Nullable String message,
      List<String> decision,
      List<String> shut,
      List<Gate> gates,
      List<Problem> problems,
      @Nullable String lookAgainIn) {

    static Why of(Plan plan) {
      return new Why(
          plan.status().state(),
          plan.status().message(),
          plan.steps().stream().map(step -> step.getClass().getSimpleName()).toList(),
          plan.shut(),
          plan.gates(),
          plan.problems(),
          plan.lookAgain() == null ? null : Durations.format(plan.lookAgain()));
    }
  }

  /** Lists all resources. */
  @Operation(summary = "List the ScaledResources with their states")
  @GetMapping("/scaledresources")
  public List<Summary> list() {
    return lookout.scaledResources().list().stream()
        .sorted(Comparator.comparing(ScaledResource::key))
        .map(Summary::of)
        .toList();
  }

  /** Shows one resource. */
  @Operation(summary = "Show one ScaledResource as the autoscaler last saw it")
  @GetMapping("/namespaces/{namespace}/scaledresources/{name}")
  public Mono<ResponseEntity<?>> get(@PathVariable String namespace, @PathVariable String name) {
    return with(namespace, name, resource -> resource.status());
  }

  /** Explains one resource's decision. */
  @Operation(summary = "Decide on one ScaledResource now, without doing it, and show every input")
  @GetMapping("/namespaces/{namespace}/scaledresources/{name}/why")
  public Mono<ResponseEntity<?>> why(@PathVariable String namespace, @PathVariable String name) {
    return with(namespace, name, resource -> Why.of(planner.plan(observer.cached(resource))));
  }

  private Mono<ResponseEntity<?>> with(
      String namespace, String name, Function<ScaledResource, Object> answer) {
    Optional<ScaledResource> resource =
        lookout.scaledResources().get(new ResourceKey(namespace, name));
    if (resource.isEmpty()) {
      return Mono.just(
          problem(
              HttpStatus.NOT_FOUND,
              "there is no ScaledResource "
                  + namespace
                  + "/"
                  + name
                  + "; kubectl get sr -A lists all"));
    }
    return Mono.<ResponseEntity<?>>fromCallable(
            () -> ResponseEntity.ok(answer.apply(resource.get())))
        .subscribeOn(Schedulers.fromExecutorService(executor))
        .onErrorResume(
            ScalerException.class,
            e ->
                Mono.just(problem(HttpStatus.SERVICE_UNAVAILABLE, String.valueOf(e.getMessage()))));
  }

  private static ResponseEntity<?> problem(HttpStatus status, String detail) {
    return ResponseEntity.of(ProblemDetail.forStatusAndDetail(status, detail)).build();
  }
}
