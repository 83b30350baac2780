package dev.ebb.gateway.slice;

import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.kube.KubeException;
import dev.ebb.runtime.kube.ResourceType;
import dev.ebb.scaler.ResourceKey;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Allocates gateway ports once for all replicas, by compare-and-set in a ConfigMap. Thread-safe;
 * blocks.
 */
public final class PortAllocator {

  private static final ResourceType<JsonNode> CONFIG_MAPS =
      new ResourceType<>("", "v1", "configmaps", "ConfigMap", JsonNode.class);
  private static final int TRIES = 10;

  private final KubeClient client;
  private final ResourceKey configMap;
  private final InstantSource clock;
  private final Map<String, Integer> known = new HashMap<>();

  /**
   * Creates an allocator.
   *
   * @param configMap where the allocations are kept
   */
  public PortAllocator(KubeClient client, ResourceKey configMap, InstantSource clock) {
    this.client = client;
    this.configMap = configMap;
    this.clock = clock;
  }

  /**
   * Returns the gateway port of a Service port, allocating one if it has none.
   *
   * @return empty when all ports are taken
   */
  public synchronized OptionalInt allocate(String serviceUid, String portName) {
    String key = PortLedger.key(serviceUid, portName);
    Integer hit = known.get(key);
    if (hit != null) {
      return OptionalInt.of(hit);
    }
    OptionalInt port = update(ledger -> ledger.allocate(key, clock.instant())).find(key);
    port.ifPresent(number -> known.put(key, number));
    return port;
  }

  /** Gives a Service's ports back; they rest before anybody else gets them. */
  public synchronized void release(String serviceUid) {
    known.keySet().removeIf(key -> key.startsWith(serviceUid + "."));
    update(ledger -> ledger.release(serviceUid, clock.instant()));
  }

  private PortLedger update(UnaryOperator<PortLedger> change) {
    for (int i = 0; ; i++) {
      try {
        return tryUpdate(change);
      } catch (KubeException e) {
        // Another replica was quicker: look again.
        if (!e.conflict() || i >= TRIES) {
          throw e;
        }
      }
    }
  }

  private PortLedger tryUpdate(UnaryOperator<PortLedger> change) {
    JsonNode map = client.find(CONFIG_MAPS, configMap).orElse(null);
    PortLedger before = read(map);
    PortLedger after = change.apply(before);
    if (after.equals(before)) {
      return before;
    }
    ObjectNode body = client.json().createObjectNode();
    ObjectNode data = body.putObject("data");
    after.data().forEach(data::put);
    if (map == null) {
      body.put("apiVersion", "v1").put("kind", "ConfigMap");
      body.putObject("metadata")
          .put("name", configMap.name())
          .put("namespace", configMap.namespace());
      client.create(CONFIG_MAPS, configMap.namespace(), body);
    } else {
      before.data().keySet().stream()
          .filter(key -> !after.data().containsKey(key))
          .forEach(data::putNull);
      body.putObject("metadata")
          .put("resourceVersion", map.path("metadata").path("resourceVersion").asString(""));
      client.patch(CONFIG_MAPS, configMap, null, KubeClient.PatchType.MERGE, body);
    }
    return after;
  }

  private static PortLedger read(@org.jspecify.annotations.Nullable JsonNode map) {
    Map<String, String> data = new HashMap<>();
    if (map != null) {
      map.path("data")
          .propertyStream()
          .filter(entry -> entry.getValue().asString("").matches("[0-9]{5}(@[0-9]+)?"))
          .forEach(entry -> data.put(entry.getKey(), entry.getValue().asString("")));
    }
    return new PortLedger(data);
  }
}
