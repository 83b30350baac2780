package dev.ebb.testkit.matrix;

import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/** One replica of the service under test, as the kubelet has it. Thread-safe. */
interface Replica extends AutoCloseable {

  /** Returns how often it ended by itself and was started anew, as the kubelet does. */
  int restarts();

  /** Returns when it last ended by itself or on demand; null while it never did. */
  @org.jspecify.annotations.Nullable
  Instant endedAt();

  /** Returns whether its readiness probe succeeds now. */
  boolean ready();

  /** Returns the bugs that it tells of itself; empty where somebody else collects them. */
  List<String> mistakes();

  /** Returns how many bytes of its own heap are alive, if it has one of its own and runs. */
  OptionalLong heap();

  /** Stops it in order, as SIGTERM does; it is not started again. Returns when it has ended. */
  void stop();

  /** Ends it whatever it does. */
  @Override
  void close();
}
