package dev.ebb.testkit.proxy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.BufferedSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** One watch on its way from the API server to the client, line by line. Thread-safe. */
final class WatchStream implements AutoCloseable {

  /** A line that waits for its time; an empty one ends the watch. */
  private record Due(String line, long nanos, int copies) {}

  private final ApiRequest request;
  private final Response upstream;
  private final Faults faults;
  private final List<Applied> suffered = new CopyOnWriteArrayList<>();
  private final BlockingQueue<Due> queue = new LinkedBlockingQueue<>();
  private final Sinks.Many<byte[]> out = Sinks.many().unicast().onBackpressureBuffer();
  private volatile Thread delivery = Thread.currentThread();

  WatchStream(ApiRequest request, Response upstream, Faults faults) {
    this.request = request;
    this.upstream = upstream;
    this.faults = faults;
  }

  ApiRequest request() {
    return request;
  }

  /** Begins to pass lines on, and returns them. */
  Flux<byte[]> start() {
    faults.opened(this);
    Thread.ofVirtual().name("watch-read").start(this::read);
    delivery = Thread.ofVirtual().name("watch-deliver").start(this::deliver);
    return out.asFlux().doFinally(end -> close());
  }

  /** Lets a fault happen to this watch from now on. */
  void suffer(Applied applied) {
    suffered.add(applied);
    switch (applied.rule().fault()) {
      case Fault.Line(String text) -> emit(text);
      case Fault.CloseWatch(Duration after) ->
          Thread.ofVirtual().name("watch-close").start(() -> endAfter(after));
      default -> {}
    }
  }

  private void endAfter(Duration after) {
    try {
      TimeUnit.NANOSECONDS.sleep(after.toNanos());
      close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void read() {
    long last = System.nanoTime();
    try {
      ResponseBody body = upstream.body();
      BufferedSource source = body.source();
      for (String line = source.readUtf8Line(); line != null; line = source.readUtf8Line()) {
        int copies = 1;
        long due = System.nanoTime();
        for (Applied applied : suffered) {
          if (applied.active() && applied.rule().fault() instanceof Fault.RepeatEvents) {
            copies = 2;
          }
          if (applied.active() && applied.rule().fault() instanceof Fault.DelayEvents delay) {
            due += faults.between(delay.least(), delay.most()).toNanos();
          }
        }
        last = Math.max(last, due);
        queue.add(new Due(line, last, copies));
      }
    } catch (IOException | IllegalStateException e) {
      // The API server or the client went away, or this was closed; either way it is over.
    } finally {
      queue.add(new Due("", last, 0));
    }
  }

  private void deliver() {
    try {
      for (Due due = queue.take(); !due.line().isEmpty(); due = queue.take()) {
        TimeUnit.NANOSECONDS.sleep(due.nanos() - System.nanoTime());
        awaitThaw();
        for (int i = 0; i < due.copies(); i++) {
          emit(due.line());
        }
      }
      awaitThaw();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    close();
  }

  private void awaitThaw() throws InterruptedException {
    for (Applied applied : suffered) {
      if (applied.rule().fault() instanceof Fault.Freeze) {
        applied.awaitWithdrawn();
      }
    }
  }

  private synchronized void emit(String line) {
    // Whoever cancelled does not want it.
    out.tryEmitNext((line + "\n").getBytes(StandardCharsets.UTF_8)).isSuccess();
  }

  /** Ends the watch in order. */
  @Override
  public void close() {
    faults.ended(this);
    upstream.close();
    delivery.interrupt();
    synchronized (this) {
      out.tryEmitComplete().isSuccess();
    }
  }
}
