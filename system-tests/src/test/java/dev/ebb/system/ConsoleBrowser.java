package dev.ebb.system;

import java.io.IOException;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.HttpCookie;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a browser does at the console: keeps cookies, sends forms, and the UI's token in a header.
 */
final class ConsoleBrowser {

  private static final Pattern FORM_TOKEN =
      Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");

  private final AdminPort port;
  private final CookieManager cookies = new CookieManager(null, CookiePolicy.ACCEPT_ALL);
  private final HttpClient client;

  ConsoleBrowser(AdminPort port) throws GeneralSecurityException, IOException {
    this.port = port;
    this.client = HttpClient.newBuilder().sslContext(port.trust()).cookieHandler(cookies).build();
  }

  HttpResponse<String> get(String path, String accept) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(port.uri(path)).header("Accept", accept));
  }

  /** Opens the login page and sends its form. */
  HttpResponse<String> login(String token) throws IOException, InterruptedException {
    Matcher form = FORM_TOKEN.matcher(get("/login", "text/html").body());
    if (!form.find()) {
      throw new IOException("the login page has no form");
    }
    String body =
        "token="
            + URLEncoder.encode(token, StandardCharsets.UTF_8)
            + "&_csrf="
            + URLEncoder.encode(form.group(1), StandardCharsets.UTF_8);
    return send(
        HttpRequest.newBuilder(port.uri("/login"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
    return send(posting(path, body).header("X-XSRF-TOKEN", csrf()));
  }

  HttpResponse<String> postWithoutCsrfToken(String path, String body)
      throws IOException, InterruptedException {
    return send(posting(path, body));
  }

  HttpResponse<String> delete(String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(port.uri(path)).DELETE().header("X-XSRF-TOKEN", csrf()));
  }

  private HttpRequest.Builder posting(String path, String body) {
    return HttpRequest.newBuilder(port.uri(path))
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body));
  }

  private String csrf() {
    return cookies.getCookieStore().getCookies().stream()
        .filter(cookie -> cookie.getName().equals("XSRF-TOKEN"))
        .map(HttpCookie::getValue)
        .findFirst()
        .orElse("");
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
