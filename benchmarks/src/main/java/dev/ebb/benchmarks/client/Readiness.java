package dev.ebb.benchmarks.client;

import dev.ebb.localcluster.http.RawHttp;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import tools.jackson.databind.JsonNode;

/**
 * Waits until an HTTPS health check answers 200. While the port is closed a try costs the server
 * nothing; once it is open one connection asks again and again, so that handshakes do not slow down
 * the start that is measured.
 */
final class Readiness {

  private static final int TRY_MS = 2_000;
  private static final Duration PAUSE = Duration.ofMillis(10);

  private final URI uri;
  private final SSLSocketFactory sockets;
  private int refused;
  private int unready;

  Readiness(URI uri) {
    this.uri = uri;
    this.sockets = trustingAll();
  }

  /** Asks until it is ready or the time is over. */
  JsonNode await(Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    long ready = 0;
    while (ready == 0 && System.nanoTime() < end) {
      try (Socket plain = new Socket()) {
        plain.connect(new InetSocketAddress(uri.getHost(), uri.getPort()), TRY_MS);
        plain.setSoTimeout(TRY_MS);
        try (Socket socket = sockets.createSocket(plain, uri.getHost(), uri.getPort(), true)) {
          ready = ask(socket, end);
        }
      } catch (IOException notYet) {
        refused++;
        TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
      }
    }
    return Client.json()
        .createObjectNode()
        .put("ready", ready)
        .put("refused", refused)
        .put("unready", unready);
  }

  private long ask(Socket socket, long end) throws IOException, InterruptedException {
    InputStream in = new BufferedInputStream(socket.getInputStream(), 4096);
    while (System.nanoTime() < end) {
      socket.getOutputStream().write(RawHttp.get(uri, true));
      if (RawHttp.read(in).status() == 200) {
        return Client.micros();
      }
      unready++;
      TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
    }
    return 0;
  }

  /** Certificates of the suite's own making: nothing secret is sent, and only a status read. */
  private static SSLSocketFactory trustingAll() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Trusting()}, null);
      return context.getSocketFactory();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static final class Trusting implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
