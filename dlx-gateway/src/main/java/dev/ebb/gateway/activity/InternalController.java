package dev.ebb.gateway.activity;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.ebb.scaler.ResourceKey;
import io.swagger.v3.oas.annotations.Hidden;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;

/** The autoscaler's door: its account alone may call. */
@Hidden
@RestController
@RequestMapping("/internal/v1")
public class InternalController {

  private final ActivityHub activity;
  private final FenceKeeper fences;

  /** Creates the controller. */
  public InternalController(ActivityHub activity, FenceKeeper fences) {
    this.activity = activity;
    this.fences = fences;
  }

  /** Asks for a fence. A newer autoscaler may say more. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record FenceRequest(String namespace, String name, String uid, long ttlMillis) {}

  /** Answers it. */
  public record FenceAnswer(boolean granted, @Nullable String reason) {}

  /** Streams activity as server-sent events. */
  @GetMapping(path = "/activity", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  public Flux<ActivityHub.Snapshot> activity() {
    return activity.stream();
  }

  /** Raises a fence: 200 when granted, 409 when the route is busy. */
  @PostMapping("/fence")
  public ResponseEntity<FenceAnswer> raise(@RequestBody FenceRequest request) {
    String refusal =
        fences.raise(
            new ResourceKey(request.namespace(), request.name()),
            request.uid(),
            Duration.ofMillis(Math.max(1, request.ttlMillis())));
    return ResponseEntity.status(refusal == null ? 200 : 409)
        .body(new FenceAnswer(refusal == null, refusal));
  }

  /** Lowers a fence; the outcome is {@code slept} or {@code cancelled}. */
  @DeleteMapping("/fence/{namespace}/{name}")
  public ResponseEntity<Void> lower(
      @PathVariable String namespace, @PathVariable String name, @RequestParam String outcome) {
    fences.lower(new ResourceKey(namespace, name), outcome.equals("slept"));
    return ResponseEntity.noContent().build();
  }
}
