package dev.ebb.system;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.cli.Suite;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** An admin port of the suite, as users reach it: by kubectl port-forward. Close it. */
final class AdminPort implements AutoCloseable {

  private static final Pattern FORWARDING = Pattern.compile("127\\.0\\.0\\.1:(\\d+) ");

  private final Process forward;
  private final int port;
  private final String ca;

  private AdminPort(Process forward, int port, String ca) {
    this.forward = forward;
    this.port = port;
    this.ca = ca;
  }

  /** Forwards to what kubectl calls {@code service/NAME} or {@code pod/NAME}. */
  static AdminPort of(Cluster cluster, String target) throws IOException {
    Process forward =
        new ProcessBuilder(
                cluster.binDir().resolve("kubectl").toString(),
                "--kubeconfig",
                cluster.kubeconfig().toString(),
                "-n",
                Suite.NAMESPACE,
                "port-forward",
                target,
                ":8081")
            .redirectErrorStream(true)
            .start();
    String port = ProcessOutput.await(forward, FORWARDING);
    String ca =
        cluster
            .kubectl(
                "get",
                "secret",
                "ebb-admin-tls",
                "-n",
                Suite.NAMESPACE,
                "-o",
                "jsonpath={.data.ca\\.crt}")
            .orThrow()
            .out();
    return new AdminPort(
        forward,
        Integer.parseInt(port),
        new String(Base64.getDecoder().decode(ca), StandardCharsets.UTF_8));
  }

  /** Returns the local port that leads there. */
  int local() {
    return port;
  }

  URI uri(String path) {
    return URI.create("https://localhost:" + port + path);
  }

  /** Returns the CA of all admin ports, PEM. */
  String ca() {
    return ca;
  }

  /** Returns a trust in that CA and in nobody else. */
  SSLContext trust() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    store.setCertificateEntry(
        "ca",
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(ca.getBytes(StandardCharsets.UTF_8))));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  @Override
  public void close() {
    forward.destroy();
  }
}
