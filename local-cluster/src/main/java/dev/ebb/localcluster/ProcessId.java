package dev.ebb.localcluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A process that cannot be mistaken for a later one with the same number.
 *
 * @param pid the number
 * @param start when it started, in the kernel's clock ticks since boot
 */
record ProcessId(long pid, long start) {

  /** The living process with this number, if there is one. */
  static Optional<ProcessId> of(long pid) {
    try {
      return parse(pid, Files.readString(Path.of("/proc", Long.toString(pid), "stat")));
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  /** This JVM. */
  static ProcessId self() {
    long pid = ProcessHandle.current().pid();
    return of(pid).orElseGet(() -> new ProcessId(pid, 0));
  }

  /** Whether this very process still lives; one that waits to be reaped does not. */
  boolean alive() {
    return of(pid).filter(this::equals).isPresent();
  }

  /** Kills the process if it is still this one. */
  void kill() {
    if (alive()) {
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  /** Reads the line of /proc/PID/stat: the name in it may contain blanks and parentheses. */
  static Optional<ProcessId> parse(long pid, String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
    boolean dead = fields[0].equals("Z") || fields[0].equals("X");
    return dead || fields.length < 20
        ? Optional.empty()
        : Optional.of(new ProcessId(pid, Long.parseLong(fields[19])));
  }
}
