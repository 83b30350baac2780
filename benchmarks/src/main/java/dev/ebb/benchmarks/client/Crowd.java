package dev.ebb.benchmarks.client;

import dev.ebb.localcluster.http.RawHttp;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** Many requests at once, each on a connection of its own, all waiting for their answers. */
final class Crowd {

  /** So many connect at the same time: no more than an accept queue takes. */
  private static final int CONNECTING = 64;

  private final URI uri;
  private final Semaphore connecting = new Semaphore(CONNECTING);
  private final AtomicInteger ok = new AtomicInteger();
  private final AtomicInteger other = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();
  private final AtomicReference<String> why = new AtomicReference<>("");

  Crowd(URI uri) {
    this.uri = uri;
  }

  /** Says when all requests are sent, and how all ended; returns then. */
  void run(int count, Consumer<JsonNode> say) throws InterruptedException {
    CountDownLatch sent = new CountDownLatch(count);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      threads.add(Thread.ofVirtual().start(() -> one(sent)));
    }
    sent.await();
    say.accept(Client.json().createObjectNode().put("sent", count));
    for (Thread thread : threads) {
      thread.join();
    }
    say.accept(
        Client.json()
            .createObjectNode()
            .put("ok", ok.get())
            .put("other", other.get())
            .put("failed", failed.get())
            .put("why", why.get()));
  }

  private void one(CountDownLatch sent) {
    boolean counted = false;
    try (Socket socket = connectInTurn()) {
      socket.getOutputStream().write(RawHttp.get(uri, false));
      sent.countDown();
      counted = true;
      RawHttp.Answer answer = RawHttp.read(new BufferedInputStream(socket.getInputStream(), 512));
      if (answer.status() == 200) {
        ok.incrementAndGet();
      } else {
        other.incrementAndGet();
        why.compareAndSet("", answer.status() + " " + answer.body());
      }
    } catch (IOException e) {
      failed.incrementAndGet();
      why.compareAndSet("", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (!counted) {
        sent.countDown();
      }
    }
  }

  private Socket connectInTurn() throws IOException, InterruptedException {
    connecting.acquire();
    try {
      return Exchange.connect(uri);
    } finally {
      connecting.release();
    }
  }
}
