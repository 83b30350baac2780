package dev.ebb.nodescaler.provider;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.DeleteExchange;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PutExchange;

/** The part of DigitalOcean's API that is about node pools, as its reference describes it. */
@HttpExchange("/v2/kubernetes/clusters")
interface DigitalOceanApi {

  /** The most that one page may have. */
  int PAGE = 200;

  @GetExchange
  Clusters clusters(@RequestParam int page, @RequestParam("per_page") int size);

  @GetExchange("/{cluster}/node_pools")
  Pools pools(
      @PathVariable String cluster, @RequestParam int page, @RequestParam("per_page") int size);

  @GetExchange("/{cluster}/node_pools/{pool}")
  OnePool pool(@PathVariable String cluster, @PathVariable String pool);

  @PutExchange("/{cluster}/node_pools/{pool}")
  OnePool update(
      @PathVariable String cluster, @PathVariable String pool, @RequestBody Update update);

  /** Drains first unless told otherwise, and makes no new one instead unless told so. */
  @DeleteExchange("/{cluster}/node_pools/{pool}/nodes/{node}")
  void deleteNode(
      @PathVariable String cluster,
      @PathVariable String pool,
      @PathVariable String node,
      @RequestParam("skip_drain") int skipDrain);

  /** A page of clusters. */
  record Clusters(
      @JsonProperty("kubernetes_clusters") @Nullable List<Named> clusters, @Nullable Links links) {}

  /** Something with an id and a name. */
  record Named(String id, String name) {}

  /** A page of pools. */
  record Pools(@JsonProperty("node_pools") @Nullable List<Named> pools, @Nullable Links links) {}

  /** Where other pages are. */
  record Links(@Nullable Pages pages) {
    static boolean more(@Nullable Links links) {
      return links != null && links.pages() != null && links.pages().next() != null;
    }
  }

  /** The next page's address; null on the last. */
  record Pages(@Nullable String next) {}

  /** One pool. */
  record OnePool(@JsonProperty("node_pool") @Nullable Pool pool) {}

  /** A pool. */
  record Pool(
      String id,
      String name,
      int count,
      @JsonProperty("auto_scale") @Nullable Boolean autoScale,
      @Nullable List<String> tags,
      @Nullable Map<String, String> labels,
      @Nullable List<Map<String, String>> taints,
      @Nullable List<Machine> nodes) {}

  /** A node of a pool. */
  record Machine(@Nullable String id, @Nullable String name, @Nullable MachineStatus status) {}

  /** How a node is doing. */
  record MachineStatus(@Nullable String state, @Nullable String message) {}

  /** A pool's new size; name and count are required, and what else it has is said again. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Update(
      String name,
      int count,
      @Nullable List<String> tags,
      @Nullable Map<String, String> labels,
      @Nullable List<Map<String, String>> taints) {}
}
