package dev.ebb.localcluster.cli;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.ClusterException;
import dev.ebb.localcluster.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The pods of a service's Deployment, whose place a process of this machine takes. */
final class ServicePod {

  private static final String TLS = "/etc/ebb/tls";
  private static final String TOKEN = "/var/run/secrets/ebb/token";

  private final Cluster cluster;
  private final String namespace;
  private final String deployment;

  ServicePod(Cluster cluster, String namespace, String deployment) {
    this.cluster = cluster;
    this.namespace = namespace;
    this.deployment = deployment;
  }

  /** Writes what the pods find in files to a folder, and returns what they find in variables. */
  Map<String, String> settings(Path folder) {
    Map<String, String> settings = new HashMap<>();
    String variables =
        "{range .spec.template.spec.containers[0].env[?(@.value)]}{.name}={.value}{\"\\n\"}{end}";
    of(variables)
        .lines()
        .map(line -> line.split("=", 2))
        .forEach(pair ->
            settings.put(
                pair[0],
                pair[1]
                    .replace(TLS, folder.resolve("tls").toString())
                    .replace(TOKEN, folder.resolve("token").toString())));
    settings.put("EBB_TLS_FOLDER", folder.resolve("tls").toString());
    settings.put("POD_NAMESPACE", namespace);
    settings.put("POD_NAME", deployment + "-local");
    // Before KUBECONFIG, and in place of a caller's own
    settings.put("EBB_KUBECONFIG", kubeconfig(folder).toString());
    write(folder.resolve("token"), token("--audience=ebb").getBytes(StandardCharsets.UTF_8));
    String secret = of("{.spec.template.spec.volumes[?(@.name=='tls')].secret.secretName}");
    for (String file : List.of("ca.crt", "tls.crt", "tls.key")) {
      String path = "jsonpath={.data." + file.replace(".", "\\.") + "}";
      String content = kubectl("get", "secret", secret, "-o", path);
      write(folder.resolve("tls").resolve(file), Base64.getDecoder().decode(content));
    }
    return settings;
  }

  /** Sends the pods away; what is returned brings them back. */
  Runnable away() {
    String replicas = of("{.spec.replicas}");
    String back = replicas.equals("0") ? "1" : replicas;
    kubectl("scale", "deployment", deployment, "--replicas=0");
    kubectl("rollout", "status", "deployment", deployment, "--timeout=60s");
    return () -> kubectl("scale", "deployment", deployment, "--replicas=" + back);
  }

  /** The service account's own rights, not the administrator's. */
  private Path kubeconfig(Path folder) {
    Path file = folder.resolve("kubeconfig");
    try {
      Files.createDirectories(folder);
      Files.copy(cluster.kubeconfigInside(), file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    String config = "--kubeconfig=" + file;
    kubectl(config, "config", "set-credentials", "service", "--token=" + token());
    kubectl(config, "config", "set-context", "--current", "--user=service");
    return file;
  }

  private String token(String... more) {
    String account = of("{.spec.template.spec.serviceAccountName}");
    return kubectl(
        Stream.concat(Stream.of("create", "token", account, "--duration=8h"), Stream.of(more))
            .toArray(String[]::new));
  }

  private String of(String path) {
    return kubectl("get", "deployment", deployment, "-o", "jsonpath=" + path);
  }

  private String kubectl(String... words) {
    Result result = cluster.kubectlIn(namespace, words);
    if (!result.ok() && result.err().contains("deployments.apps \"" + deployment)) {
      throw new ClusterException(deployment + " is not in the cluster: ./ebb install first.");
    }
    return result.orThrow().out().strip();
  }

  private static void write(Path file, byte[] content) {
    try {
      Files.createDirectories(file.getParent());
      Files.write(file, content);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
