package dev.ebb.autoscaler.history;

import dev.ebb.scaler.ResourceKey;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the history did to one workload, and what its users wanted: the truth beside the API. */
final class App {

  final String name;
  final ResourceKey key;

  /** When a hand or the gateway last started it. */
  Instant lastStart = Instant.EPOCH;

  /** Since when each of its Services carries Ebb's key. */
  final Map<String, Instant> keyedSince = new HashMap<>();

  /** How a user last wanted each Service's selector, without Ebb's key. */
  final Map<String, Map<String, String>> selectors = new HashMap<>();

  /** A user took Ebb's key out of a selector, or undid a sleep: Ebb may refuse to fight. */
  boolean contested;

  /** What the user last wrote into the resource's spec; null when it was deleted. */
  @Nullable Map<String, Object> spec;

  App(String name) {
    this.name = name;
    this.key = new ResourceKey(FakeGateway.APPS, name);
  }
}
