package dev.ebb.testkit.history;

/** What a history happens to: made anew for each, closed after it. */
public interface Subject extends AutoCloseable {

  /** Checks what must hold after each step; throws when it does not. */
  void check() throws Exception;

  /** Lets everything come to rest, and checks what must hold at the end. */
  void end() throws Exception;

  @Override
  void close();
}
