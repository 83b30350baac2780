package dev.ebb.testkit.store;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.junit.TestNamespace;
import dev.ebb.localcluster.junit.WithCluster;
import dev.ebb.testkit.TestClients;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/** Holds the contract to a real API server: what the store is held to is what is so. */
@WithCluster(pods = false)
class ClusterApiIT {

  @BeforeAll
  static void define(Cluster cluster) {
    cluster.kubectl("apply", "--server-side", "-f", MemoryApiTest.DEFINITION.toString()).orThrow();
    cluster.kubectl("wait", "--for=condition=Established", "crd/scaledresources.ebb.dev").orThrow();
  }

  private static ApiContract.Subject real(Cluster cluster, TestNamespace namespace) {
    return new ApiContract.Subject(
        new RawApi(TestClients.apiClient(cluster.kubeconfig())), namespace.name(), () -> {});
  }

  @Nested
  class Objects extends ObjectsContract {
    Objects(Cluster cluster, TestNamespace namespace) {
      super(real(cluster, namespace));
    }
  }

  @Nested
  class Ownership extends OwnershipContract {
    Ownership(Cluster cluster, TestNamespace namespace) {
      super(real(cluster, namespace));
    }
  }

  @Nested
  class Deletion extends DeletionContract {
    Deletion(Cluster cluster, TestNamespace namespace) {
      super(real(cluster, namespace));
    }
  }

  @Nested
  class Watches extends WatchContract {
    Watches(Cluster cluster, TestNamespace namespace) {
      super(real(cluster, namespace));
    }
  }
}
