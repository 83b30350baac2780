package dev.ebb.selector.api;

/** How Services are shared out among pods. */
public enum Strategy {
  /** The fewest moves and the best balance; the Services themselves are its memory. */
  Sticky,
  /** Each Service has its own order of all pods: without memory, and uneven. */
  Rendezvous,
  /** The same with a limit for what a pod takes; Services have weights. */
  BoundedLoad,
  /** Service n belongs to pod n modulo the number of replicas. */
  Ordinal,
  /** What 3S does: both sorted as text, and the index modulo the number of ready pods. */
  Modulo
}
