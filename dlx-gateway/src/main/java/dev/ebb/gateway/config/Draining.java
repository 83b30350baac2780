package dev.ebb.gateway.config;

/** Whether this replica is on its way out. Thread-safe. */
final class Draining {

  private volatile boolean active;

  void begin() {
    active = true;
  }

  boolean active() {
    return active;
  }
}
