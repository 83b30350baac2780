package dev.ebb.testkit.store;

import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Nested;

/** Holds the store to the contract. */
class MemoryApiTest {

  static final Path DEFINITION =
      Path.of("../charts/ebb/charts/crds/files/scaledresources.ebb.dev.yaml");

  private static ApiContract.Subject store() {
    MemoryApi api = new MemoryApi(Clock.systemUTC()).define(DEFINITION);
    return new ApiContract.Subject(new RawApi(api.apiClient()), "default", api::bookmark);
  }

  @Nested
  class Objects extends ObjectsContract {
    Objects() {
      super(store());
    }
  }

  @Nested
  class Ownership extends OwnershipContract {
    Ownership() {
      super(store());
    }
  }

  @Nested
  class Deletion extends DeletionContract {
    Deletion() {
      super(store());
    }
  }

  @Nested
  class Watches extends WatchContract {
    Watches() {
      super(store());
    }
  }
}
