package dev.ebb.gateway.admin;

import dev.ebb.gateway.activity.ActivityHub;
import dev.ebb.gateway.activity.ActivityHub.Entry;
import dev.ebb.runtime.admin.Problems;
import io.swagger.v3.oas.annotations.Operation;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What this gateway replica does for each ScaledResource. */
@RestController
@RequestMapping("/api/v1")
public class RouteController {

  private final ActivityHub activity;

  /** Creates the controller. */
  public RouteController(ActivityHub activity) {
    this.activity = activity;
  }

  /** Lists the routes of this replica. */
  @Operation(summary = "List the routes of this gateway replica with their counters")
  @GetMapping("/scaledresources")
  public List<Entry> list() {
    return activity.snapshot().resources();
  }

  /** Shows one route. */
  @Operation(summary = "Show one route of this gateway replica")
  @GetMapping("/namespaces/{namespace}/scaledresources/{name}")
  public Entry get(@PathVariable String namespace, @PathVariable String name) {
    return activity.snapshot().resources().stream()
        .filter(e -> e.namespace().equals(namespace) && e.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            Problems.notFound(
                "this replica serves no ScaledResource %s/%s; see its status with kubectl describe sr"
                    .formatted(namespace, name)));
  }
}
