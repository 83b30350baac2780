package dev.ebb.console.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ebb.runtime.admin.AdminTrust;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** A real TLS server on an address that its certificate does not carry, as a replica's. */
class ReplicaConnectorTest {

  private static final String PASSWORD = "changeit";

  @TempDir private Path folder;

  private KeyStore key(String name, String subject) throws Exception {
    Path file = folder.resolve(name + ".p12");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            "key",
            "-keyalg",
            "EC",
            "-groupname",
            "secp256r1",
            "-dname",
            "CN=" + name,
            "-ext",
            "san=dns:" + subject,
            "-storetype",
            "PKCS12",
            "-keystore",
            file.toString(),
            "-storepass",
            PASSWORD);
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD.toCharArray());
    }
    Files.writeString(
        folder.resolve(name + ".pem"),
        "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder().encodeToString(store.getCertificate("key").getEncoded())
            + "\n-----END CERTIFICATE-----\n");
    return store;
  }

  private static DisposableServer serve(KeyStore store) throws Exception {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD.toCharArray());
    var context = SslContextBuilder.forServer(keys).build();
    return HttpServer.create()
        .host("127.0.0.1")
        .port(0)
        .secure(spec -> spec.sslContext(context))
        .handle((request, response) -> response.sendString(Mono.just("fine")))
        .bindNow();
  }

  private static String get(DisposableServer server, Path ca) {
    return WebClient.builder()
        .clientConnector(new ReplicaConnector(new AdminTrust(ca)))
        .build()
        .get()
        .uri("https://127.0.0.1:" + server.port() + "/")
        .retrieve()
        .bodyToMono(String.class)
        .block(Duration.ofSeconds(20));
  }

  @Test
  void believesWhoIsCalledAsAdminPortsAreWhateverTheAddress() throws Exception {
    DisposableServer server = serve(key("good", AdminTrust.NAME));
    try {
      assertThat(get(server, folder.resolve("good.pem"))).isEqualTo("fine");
    } finally {
      server.disposeNow();
    }
  }

  @Test
  void refusesAnotherNameOfTheSameAuthority() throws Exception {
    DisposableServer server = serve(key("other", "shop"));
    try {
      assertThatThrownBy(() -> get(server, folder.resolve("other.pem")))
          .hasStackTraceContaining("No subject alternative");
    } finally {
      server.disposeNow();
    }
  }

  @Test
  void refusesAnotherAuthorityUntilItsFileChanges() throws Exception {
    DisposableServer server = serve(key("good", AdminTrust.NAME));
    try {
      key("stranger", AdminTrust.NAME);
      Path ca = folder.resolve("stranger.pem");
      assertThatThrownBy(() -> get(server, ca)).hasStackTraceContaining("PKIX");
      Files.copy(folder.resolve("good.pem"), ca, StandardCopyOption.REPLACE_EXISTING);
      assertThat(get(server, ca)).isEqualTo("fine");
    } finally {
      server.disposeNow();
    }
  }
}
