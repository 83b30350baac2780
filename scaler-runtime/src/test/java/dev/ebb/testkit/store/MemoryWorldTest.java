package dev.ebb.testkit.store;

/** The API in memory is one that worlds can stand on. */
class MemoryWorldTest extends WorldContract {
  MemoryWorldTest() {
    super(MemoryApi::new);
  }
}
