package dev.ebb.localcluster;

import java.nio.file.Path;
import java.util.Map;

/** How kubectl and helm are called. */
final class ClientTools {

  private ClientTools() {}

  /** Uses this cluster, and writes caches to our folder instead of the user's home. */
  static Map<String, String> environment(Path kubeconfig, Path folder) {
    return Map.of(
        "KUBECONFIG", kubeconfig.toString(),
        "KUBECACHEDIR", folder.resolve("kube-cache").toString(),
        "HELM_CACHE_HOME", folder.resolve("helm/cache").toString(),
        "HELM_CONFIG_HOME", folder.resolve("helm/config").toString(),
        "HELM_DATA_HOME", folder.resolve("helm/data").toString());
  }
}
