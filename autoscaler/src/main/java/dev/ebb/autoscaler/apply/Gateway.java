package dev.ebb.autoscaler.apply;

import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.scaler.ResourceKey;
import java.time.Duration;
import java.util.List;

/** What the autoscaler asks of gateway replicas. Implementations block and are thread-safe. */
public interface Gateway {

  /** How a fence ended. */
  enum Outcome {
    /** The workload goes to sleep: hold what comes, and wake. */
    slept,
    /** It stays up: let go. */
    cancelled
  }

  /**
   * What a replica answered.
   *
   * @param granted whether it holds new work now
   * @param reason why not; empty when granted
   */
  record Answer(String address, boolean granted, String reason) {}

  /** Asks replicas to hold new work for a resource; one answer for each, silence included. */
  List<Answer> fence(List<String> addresses, ScaledResource resource, Duration ttl);

  /** Tells replicas how it ended; what cannot be told runs out by itself. */
  void release(List<String> addresses, ResourceKey resource, Outcome outcome);
}
