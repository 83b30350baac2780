package dev.ebb.testkit.matrix;

import java.nio.file.Path;
import java.util.List;

/**
 * How a service of the repository is started.
 *
 * @param name as in its module, its Lease and its field manager
 * @param application its Spring application with a {@code main} method
 * @param folder where its children's output and the records of failed cells lie
 */
record Service(String name, Class<?> application, Path folder) {

  /** Returns what every service is told. */
  List<String> arguments(World world, Path kubeconfig, String pod, int port) {
    return List.of(
        "--ebb.kubeconfig=" + kubeconfig,
        "--ebb.watch-namespaces=" + world.namespace(),
        "--ebb.pod.namespace=" + world.namespace(),
        "--ebb.pod.name=" + pod,
        "--ebb.pod.uid=" + pod,
        "--server.port=" + port,
        "--server.address=127.0.0.1");
  }
}
