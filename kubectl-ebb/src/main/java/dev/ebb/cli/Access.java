package dev.ebb.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which cluster, which Ebb, and as whom; the same for all verbs. */
final class Access {

  @Option(names = "--context", paramLabel = "CONTEXT", description = "Context of the kubeconfig")
  private @Nullable String context;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "Kubeconfig; without it as kubectl finds it")
  private @Nullable Path kubeconfig;

  @Option(
      names = "--release",
      paramLabel = "NAME",
      defaultValue = "${env:EBB_RELEASE:-ebb}",
      description = "Ebb's Helm release (EBB_RELEASE) [${DEFAULT-VALUE}]")
  private String release = "ebb";

  @Option(
      names = "--ebb-namespace",
      paramLabel = "NAME",
      defaultValue = "${env:EBB_NAMESPACE:-ebb-system}",
      description = "The release's namespace (EBB_NAMESPACE) [${DEFAULT-VALUE}]")
  private String ebbNamespace = "ebb-system";

  @Option(
      names = "--service-account",
      paramLabel = "[NAMESPACE/]NAME",
      description =
          "Whose token is asked for; the verbs are limited by its rights [<release>-cli of the"
              + " release's namespace]")
  private @Nullable String serviceAccount;

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      defaultValue = "${env:EBB_TOKEN}",
      description = "A token for the audience ebb, in place of asking for one (EBB_TOKEN)")
  private @Nullable String token;

  @Option(
      names = "--ca-file",
      paramLabel = "FILE",
      description =
          "The CA of Ebb's admin ports [ConfigMap <release>-admin-ca, else Secret"
              + " <release>-admin-tls]")
  private @Nullable Path caFile;

  String release() {
    return release;
  }

  String ebbNamespace() {
    return ebbNamespace;
  }

  @Nullable String token() {
    return token == null || token.isBlank() ? null : token;
  }

  @Nullable Path caFile() {
    return caFile;
  }

  /** Returns namespace and name of the account whose token is asked for. */
  List<String> account() {
    if (serviceAccount == null) {
      return List.of(ebbNamespace, release + "-cli");
    }
    int slash = serviceAccount.indexOf('/');
    return slash < 0
        ? List.of(ebbNamespace, serviceAccount)
        : List.of(serviceAccount.substring(0, slash), serviceAccount.substring(slash + 1));
  }

  Kubectl kubectl() {
    List<String> flags = new ArrayList<>();
    if (context != null) {
      flags.add("--context=" + context);
    }
    if (kubeconfig != null) {
      flags.add("--kubeconfig=" + kubeconfig);
    }
    return new Kubectl(flags);
  }

  /** Connects to the admin API of a service of Ebb's. */
  AdminApi open(String service) {
    return AdminApi.open(this, kubectl(), service);
  }
}
