package dev.ebb.localcluster;

import java.util.List;

/**
 * Volumes for claims: the StorageClass {@code local}, the default one, makes each a folder of the
 * cluster's. Classes of one's own may name its provisioner, with another reclaim policy or binding.
 */
final class Volumes {

  private final Helpers helpers;

  Volumes(Helpers helpers) {
    this.helpers = helpers;
  }

  /** Starts the provisioner, unless it runs. */
  void start() {
    helpers.apply("volumes.yaml");
    startDaemon();
  }

  void restart() {
    helpers.restart(GoBinary.VOLUMES, this::startDaemon);
  }

  private void startDaemon() {
    helpers.start(
        GoBinary.VOLUMES,
        List.of(
            "--kubeconfig=" + helpers.kubeconfig(),
            "--dir=" + helpers.instance().file("volumes"),
            "--node=" + Addresses.NODE_NAME));
  }
}
