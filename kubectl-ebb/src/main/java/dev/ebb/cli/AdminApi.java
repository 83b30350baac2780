package dev.ebb.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The admin API of one service of Ebb's, over a forwarded port, TLS that is verified, and a token
 * that lives for ten minutes. Errors are told as the API tells them.
 */
final class AdminApi implements AutoCloseable {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final String AUDIENCE = "ebb";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final PortForward forward;
  private final HttpClient http;
  private final String token;
  private final Supplier<String> user;

  private AdminApi(PortForward forward, HttpClient http, String token, Supplier<String> user) {
    this.forward = forward;
    this.http = http;
    this.token = token;
    this.user = user;
  }

  /** Connects; everything that kubectl is asked for runs side by side. */
  static AdminApi open(Access access, Kubectl kubectl, String service) {
    CompletableFuture<PortForward> forward =
        later(() ->
            PortForward.open(kubectl, access.ebbNamespace(), access.release() + "-" + service));
    CompletableFuture<String> token = later(() -> token(access, kubectl));
    CompletableFuture<HttpClient> http =
        later(() ->
            HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(TIMEOUT)
                .sslContext(Trust.in(Trust.ca(access, kubectl)))
                .build());
    CompletableFuture<String> user = later(() -> user(kubectl));
    try {
      return new AdminApi(forward.join(), http.join(), token.join(), user::join);
    } catch (CompletionException e) {
      forward.thenAccept(PortForward::close);
      throw e.getCause() instanceof CliException known ? known : e;
    }
  }

  private static <T> CompletableFuture<T> later(Supplier<T> work) {
    return CompletableFuture.supplyAsync(work, Thread::startVirtualThread);
  }

  private static String token(Access access, Kubectl kubectl) {
    String given = access.token();
    if (given != null) {
      return given;
    }
    List<String> account = access.account();
    Kubectl.Result result =
        kubectl.tryRun(
            "create",
            "token",
            account.getLast(),
            "-n",
            account.getFirst(),
            "--audience=" + AUDIENCE,
            "--duration=10m");
    if (!result.ok()) {
      throw CliException.refused(
          "no token of service account %s/%s: %s; you need create on serviceaccounts/token there, or name another account by --service-account, or give --token"
              .formatted(account.getFirst(), account.getLast(), Kubectl.told(result)));
    }
    return result.out().strip();
  }

  /** The user of the kubeconfig, for the audit; empty where the cluster does not tell. */
  private static String user(Kubectl kubectl) {
    Kubectl.Result result =
        kubectl.tryRun("auth", "whoami", "-o", "jsonpath={.status.userInfo.username}");
    return result.ok() ? result.out().strip().replaceAll("[^\\p{Graph} ]", "") : "";
  }

  /** Reads. */
  JsonNode get(String path) {
    return send(request(path).GET());
  }

  /** Asks for a verb. */
  JsonNode post(String path, @Nullable JsonNode body) {
    HttpRequest.Builder request = request(path);
    String who = user.get();
    if (!who.isEmpty()) {
      request.header("Ebb-On-Behalf-Of", who);
    }
    if (body == null) {
      return send(request.POST(HttpRequest.BodyPublishers.noBody()));
    }
    return send(
        request
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body))));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + forward.port() + path))
        .timeout(TIMEOUT)
        .header("Accept", "application/json")
        .header("Authorization", "Bearer " + token);
  }

  private JsonNode send(HttpRequest.Builder request) {
    try {
      HttpResponse<byte[]> answer =
          http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      JsonNode body = JSON.readTree(answer.body());
      if (answer.statusCode() >= 400) {
        throw refused(answer.statusCode(), body);
      }
      return body;
    } catch (SSLException e) {
      throw CliException.unreachable(
          "Ebb's admin port does not show a certificate of the known CA: " + e.getMessage());
    } catch (IOException | JacksonException e) {
      throw CliException.unreachable("Ebb's admin port does not answer: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CliException.unreachable("interrupted");
    }
  }

  static CliException refused(int status, JsonNode problem) {
    String detail = problem.path("detail").asString("Ebb answered " + status);
    String text = "%s (%d %s)".formatted(detail, status, problem.path("reason").asString(""));
    return status >= 500 ? CliException.unreachable(text) : CliException.refused(text);
  }

  @Override
  public void close() {
    forward.close();
    http.shutdownNow();
  }
}
