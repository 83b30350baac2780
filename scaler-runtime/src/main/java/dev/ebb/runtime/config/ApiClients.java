package dev.ebb.runtime.config;

import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.Config;
import io.kubernetes.client.util.KubeConfig;
import io.kubernetes.client.util.credentials.Authentication;
import io.kubernetes.client.util.credentials.ClientCertificateAuthentication;
import io.kubernetes.client.util.credentials.KubeconfigAuthentication;
import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import okhttp3.Dispatcher;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundleKey;
import org.springframework.boot.ssl.SslManagerBundle;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;

/**
 * Makes client-java's client: address, certificates and credentials from a kubeconfig, or from the
 * pod's service account.
 *
 * <p>Client certificates are read by Spring Boot. client-java does it with Bouncy Castle, which as
 * a signed jar on the class path costs each start half a second, whether it is used or not: Netty
 * and the JDK load it where they find it, and the AOT cache takes no signed classes.
 */
public final class ApiClients {

  private ApiClients() {}

  /**
   * Makes a client.
   *
   * @param kubeconfig the file that was named to Ebb; null or blank: the one that KUBECONFIG names,
   *     or else the pod's service account, or else {@code ~/.kube/config}
   * @param environment the process' environment
   * @throws IOException when a file cannot be read; the message names it
   */
  public static ApiClient create(@Nullable String kubeconfig, Map<String, String> environment)
      throws IOException {
    Path file = file(kubeconfig, environment);
    ClientBuilder builder = file == null ? ClientBuilder.cluster() : from(file);
    ApiClient client = builder.setPingInterval(Duration.ofSeconds(10)).build();
    // A mass wake must not queue behind okhttp's default of five calls per host.
    Dispatcher dispatcher = new Dispatcher();
    dispatcher.setMaxRequests(256);
    dispatcher.setMaxRequestsPerHost(256);
    client.setHttpClient(client.getHttpClient().newBuilder().dispatcher(dispatcher).build());
    return client;
  }

  private static @Nullable Path file(@Nullable String kubeconfig, Map<String, String> environment) {
    if (kubeconfig != null && !kubeconfig.isBlank()) {
      return Path.of(kubeconfig);
    }
    // Of several files the first, as client-java has it.
    String named = environment.getOrDefault(Config.ENV_KUBECONFIG, "").split(File.pathSeparator)[0];
    if (!named.isEmpty()) {
      return Path.of(named);
    }
    if (Files.exists(Path.of(Config.SERVICEACCOUNT_CA_PATH))) {
      return null;
    }
    return Path.of(environment.getOrDefault("HOME", ""), KubeConfig.KUBEDIR, KubeConfig.KUBECONFIG);
  }

  private static ClientBuilder from(Path file) throws IOException {
    if (!Files.isReadable(file)) {
      throw new IOException(
          "cannot read the kubeconfig "
              + file
              + ": run in a pod with a service account, or name a file in ebb.kubeconfig or"
              + " KUBECONFIG");
    }
    try (Reader reader = Files.newBufferedReader(file)) {
      KubeConfig config = KubeConfig.loadKubeConfig(reader);
      config.setFile(file.toFile());
      ClientBuilder builder = ClientBuilder.kubeconfig(config);
      if (builder.getAuthentication() instanceof KubeconfigAuthentication chosen
          && chosen.getDelegateAuthentication() instanceof ClientCertificateAuthentication) {
        builder.setAuthentication(clientCertificate(config));
      }
      return builder;
    }
  }

  private static Authentication clientCertificate(KubeConfig config) throws IOException {
    byte[] certificate =
        config.getDataOrFileRelative(
            config.getClientCertificateData(), config.getClientCertificateFile());
    byte[] key = config.getDataOrFileRelative(config.getClientKeyData(), config.getClientKeyFile());
    if (certificate != null && key != null) {
      return keyManagers(new String(certificate), new String(key));
    }
    // From a command that the kubeconfig names: asked once more, for it is not told.
    Map<String, String> credentials = config.getCredentials();
    return keyManagers(
        credentials.getOrDefault(KubeConfig.CRED_CLIENT_CERTIFICATE_DATA_KEY, ""),
        credentials.getOrDefault(KubeConfig.CRED_CLIENT_KEY_DATA_KEY, ""));
  }

  private static Authentication keyManagers(String certificate, String key) {
    PemSslStoreDetails details = PemSslStoreDetails.forCertificate(certificate).withPrivateKey(key);
    SslManagerBundle managers =
        SslManagerBundle.from(new PemSslStoreBundle(details, null), SslBundleKey.NONE);
    return client -> client.setKeyManagers(managers.getKeyManagers());
  }
}
