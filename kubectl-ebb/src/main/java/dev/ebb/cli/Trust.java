package dev.ebb.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Trusts the CA of Ebb's admin ports, and nobody else. Stateless. */
final class Trust {

  private Trust() {}

  /** Finds the CA: the file that was given, what the chart published, or its Secret. */
  static String ca(Access access, Kubectl kubectl) {
    Path file = access.caFile();
    if (file != null) {
      try {
        return Files.readString(file);
      } catch (IOException e) {
        throw CliException.refused("--ca-file: cannot read " + file);
      }
    }
    String namespace = access.ebbNamespace();
    String published = access.release() + "-admin-ca";
    String path = "jsonpath={.data.ca\\.crt}";
    Kubectl.Result map = kubectl.tryRun("get", "configmap", published, "-n", namespace, "-o", path);
    if (map.ok() && !map.out().isBlank()) {
      return map.out();
    }
    String secret = access.release() + "-admin-tls";
    Kubectl.Result kept = kubectl.tryRun("get", "secret", secret, "-n", namespace, "-o", path);
    if (kept.ok() && !kept.out().isBlank()) {
      return new String(Base64.getDecoder().decode(kept.out().strip()), StandardCharsets.UTF_8);
    }
    throw CliException.unreachable(
        "cannot read the CA of Ebb's admin ports from ConfigMap %s or Secret %s in namespace %s: %s; is Ebb installed there? Else give --ca-file"
            .formatted(published, secret, namespace, Kubectl.told(map)));
  }

  /** Makes a TLS context that trusts the certificates of a PEM text. */
  static SSLContext in(String pem) {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int count = 0;
      for (Certificate certificate :
          CertificateFactory.getInstance("X.509")
              .generateCertificates(
                  new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)))) {
        store.setCertificateEntry("ca-" + count++, certificate);
      }
      if (count == 0) {
        throw CliException.unreachable("the CA of Ebb's admin ports holds no certificate");
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw CliException.unreachable(
          "the CA of Ebb's admin ports cannot be read: " + e.getMessage());
    }
  }
}
