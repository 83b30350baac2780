package dev.ebb.localcluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.ebb.localcluster.junit.WithCluster;
import org.junit.jupiter.api.Test;

/** A control plane in which nothing happens by itself. */
@WithCluster(pods = false, controllers = false)
class BareClusterIT {

  @Test
  void noControllersRunNorComeBack(Cluster cluster) {
    assertThat(cluster.runsPods()).isFalse();
    assumeThat(cluster).isInstanceOf(GoCluster.class);
    GoCluster own = (GoCluster) cluster;
    assertThat(own.daemons()).containsOnlyKeys("etcd", "kube-apiserver");

    cluster.stopApiServer();
    cluster.startApiServer();
    assertThat(cluster.kubectl("get", "--raw=/readyz").out()).isEqualTo("ok");
    assertThat(own.daemons()).containsOnlyKeys("etcd", "kube-apiserver");
  }
}
