import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpMethod;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.Http2SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Trains the AOT cache of a service: starts it as it starts in a pod, against an API server in
 * which there is nothing, waits until it is ready, asks what the kubelet and Prometheus ask, and
 * ends it. What a start does after the Spring context is made, TLS, HTTP/2, JSON, informers and the
 * Lease, is then in the cache as well: half a second of a start on two cores.
 *
 * <pre>java -cp CLASS-PATH-OF-THE-SERVICE Training.java KEYTOOL FOLDER COMMAND...</pre>
 *
 * <p>The class path gives the HTTP/2 server, the service's own. COMMAND is the service with the
 * flag that writes the cache; FOLDER takes keys and the service's output, and is made here.
 */
public final class Training {

  private static final Duration LONGEST_START = Duration.ofMinutes(3);
  private static final Duration LONGEST_END = Duration.ofMinutes(3);
  private static final String PASSWORD = "training";
  private static final int TERMINATED = 128 + 15;

  private Training() {}

  /** Trains; ends with a message and a status other than 0 when the service did not do all. */
  public static void main(String[] args) throws Exception {
    Path folder = Files.createDirectories(Path.of(args[1]));
    KeyStore keys = keys(args[0], folder);
    DisposableServer api = apiServer(folder);
    try {
      List<String> command = Arrays.asList(args).subList(2, args.length);
      train(command, environment(folder, api.port()), trusting(keys), folder.resolve("service.log"));
    } finally {
      api.disposeNow();
    }
    // What serves here has threads of its own.
    System.exit(0);
  }

  private static void train(
      List<String> command, Map<String, String> environment, HttpClient http, Path log)
      throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    Process service = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(service::destroyForcibly));
    String admin = "https://localhost:" + environment.get("SERVER_PORT") + "/actuator/";
    long until = System.nanoTime() + LONGEST_START.toNanos();
    while (status(http, admin + "health/readiness") != 200) {
      if (!service.isAlive()) {
        fail("the service ended with " + service.exitValue() + " before it was ready");
      }
      if (System.nanoTime() > until) {
        service.destroyForcibly();
        fail("the service was not ready within " + LONGEST_START);
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    for (String path : List.of("health/liveness", "health/readiness", "prometheus")) {
      if (status(http, admin + path) != 200) {
        fail("no answer from " + path);
      }
    }
    service.destroy();
    if (!service.waitFor(LONGEST_END.toSeconds(), TimeUnit.SECONDS)) {
      service.destroyForcibly();
      fail("the service did not end within " + LONGEST_END);
    }
    if (service.exitValue() != TERMINATED) {
      fail("the service ended with " + service.exitValue());
    }
  }

  private static void fail(String what) {
    throw new IllegalStateException(what);
  }

  private static int status(HttpClient http, String url) throws InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(10)).build();
    try {
      return http.send(request, BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      return 0;
    }
  }

  private static Map<String, String> environment(Path folder, int apiPort) throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Path kubeconfig = folder.resolve("kubeconfig");
    Files.writeString(
        kubeconfig,
        """
        apiVersion: v1
        kind: Config
        current-context: training
        contexts: [{name: training, context: {cluster: training, user: training}}]
        clusters: [{name: training, cluster: {server: "https://localhost:%d", certificate-authority: "%s"}}]
        users: [{name: training, user: {token: training}}]
        """
            .formatted(apiPort, folder.resolve("ca.crt")));
    return Map.of(
        "EBB_KUBECONFIG", kubeconfig.toString(),
        "EBB_TLS_ENABLED", "true",
        "EBB_TLS_FOLDER", folder.toString(),
        "EBB_PLUGINS_FOLDER", folder.resolve("plugins").toString(),
        "EBB_GATEWAY_CA", folder.resolve("ca.crt").toString(),
        "EBB_GATEWAY_SETTLE", "0s",
        "EBB_CONSOLE_CA", folder.resolve("ca.crt").toString(),
        "SERVER_PORT", Integer.toString(port));
  }

  /** An API server in which there is nothing, and which takes whatever is written. */
  private static DisposableServer apiServer(Path folder) {
    AtomicLong version = new AtomicLong(1);
    Http2SslContextSpec ssl =
        Http2SslContextSpec.forServer(
            folder.resolve("tls.crt").toFile(), folder.resolve("tls.key").toFile());
    return HttpServer.create()
        .host("localhost")
        .port(0)
        .protocol(HttpProtocol.H2, HttpProtocol.HTTP11)
        .secure(spec -> spec.sslContext(ssl))
        .handle((request, response) -> answer(request, response, version))
        .bindNow();
  }

  private static Publisher<Void> answer(
      HttpServerRequest request, HttpServerResponse response, AtomicLong version) {
    response.header("Content-Type", "application/json");
    if (!request.method().equals(HttpMethod.GET)) {
      return request.receive().aggregate().asString(UTF_8).defaultIfEmpty("{}")
          .flatMap(body -> send(response, written(body, version)));
    }
    if (request.uri().contains("watch=true")) {
      return response.sendHeaders().then(Mono.never());
    }
    if (collection(request.path())) {
      return send(response, "{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[]}");
    }
    return send(response.status(404), "{\"kind\":\"Status\",\"reason\":\"NotFound\",\"code\":404}");
  }

  private static Mono<Void> send(HttpServerResponse response, String json) {
    return response.send(Mono.just(Unpooled.copiedBuffer(json, UTF_8))).then();
  }

  /** The body with what a server adds. Only bodies that begin their metadata as ours do. */
  private static String written(String body, AtomicLong version) {
    return body.replaceFirst(
        "\"metadata\":\\{",
        "\"metadata\":{\"uid\":\"%s\",\"resourceVersion\":\"%d\","
            .formatted(UUID.randomUUID(), version.incrementAndGet()));
  }

  /** Whether a path names a collection: /api/v1/pods, /apis/G/V/R, or one below a namespace. */
  private static boolean collection(String path) {
    List<String> parts = Arrays.asList(path.replaceFirst("^/", "").split("/"));
    int beforeResource = parts.getFirst().equals("api") ? 2 : 3;
    boolean namespaced = parts.size() > beforeResource + 2 && parts.get(beforeResource).equals("namespaces");
    return parts.size() == beforeResource + (namespaced ? 3 : 1);
  }

  /** A key and its certificate for localhost: as a store, and as files as a Secret has them. */
  private static KeyStore keys(String keytool, Path folder)
      throws IOException, InterruptedException, GeneralSecurityException {
    Path store = folder.resolve("keys.p12");
    Process made =
        new ProcessBuilder(
                keytool, "-genkeypair", "-alias", "key", "-keyalg", "RSA", "-keysize", "2048",
                "-dname", "CN=localhost", "-ext", "san=dns:localhost", "-validity", "2",
                "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", PASSWORD)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.log").toFile())
            .start();
    if (made.waitFor() != 0) {
      fail("keytool ended with " + made.exitValue());
    }
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    String certificate = pem("CERTIFICATE", keys.getCertificate("key").getEncoded());
    Files.writeString(folder.resolve("ca.crt"), certificate);
    Files.writeString(folder.resolve("tls.crt"), certificate);
    Files.writeString(
        folder.resolve("tls.key"),
        pem("PRIVATE KEY", keys.getKey("key", PASSWORD.toCharArray()).getEncoded()));
    return keys;
  }

  private static String pem(String what, byte[] bytes) {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(what, text, what);
  }

  private static HttpClient trusting(KeyStore keys) throws GeneralSecurityException, IOException {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("key", (X509Certificate) keys.getCertificate("key"));
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return HttpClient.newBuilder().sslContext(context).connectTimeout(Duration.ofSeconds(5)).build();
  }
}
