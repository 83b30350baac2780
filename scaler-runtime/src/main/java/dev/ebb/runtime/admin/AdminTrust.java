package dev.ebb.runtime.admin;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.net.ssl.SNIHostName;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.client.HttpClient;

/**
 * Trusts the CA of the admin ports' certificates, read anew when its file changes, and nobody but
 * who is called {@value #NAME}: replicas are called by address, which no certificate carries.
 * Without a CA plain HTTP is spoken, for tests. Thread-safe.
 */
public final class AdminTrust {

  /** The name that the certificates of all admin ports carry. */
  public static final String NAME = "ebb-admin";

  private final @Nullable Path ca;
  private byte[] seen = {};
  private @Nullable SslContext context;

  /**
   * Creates the trust.
   *
   * @param ca the file with the CA's certificates, PEM; null for plain HTTP
   */
  public AdminTrust(@Nullable Path ca) {
    this.ca = ca;
  }

  /** Returns the client that believes this trust alone. */
  public HttpClient secure(HttpClient client) {
    if (ca == null) {
      return client;
    }
    SslContext current = context(ca);
    return client.secure(spec -> spec.sslContext(current).serverNames(new SNIHostName(NAME)));
  }

  private synchronized SslContext context(Path file) {
    try {
      byte[] pem = Files.readAllBytes(file);
      SslContext known = context;
      if (known != null && Arrays.equals(pem, seen)) {
        return known;
      }
      SslContext fresh =
          SslContextBuilder.forClient()
              .sslProvider(SslProvider.JDK)
              .endpointIdentificationAlgorithm("HTTPS")
              .trustManager(new ByteArrayInputStream(pem))
              .build();
      seen = pem;
      context = fresh;
      return fresh;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
