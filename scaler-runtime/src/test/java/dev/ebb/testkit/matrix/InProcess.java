package dev.ebb.testkit.matrix;

import dev.ebb.runtime.kube.ProcessEnd;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.client.ReactorResourceFactory;

/**
 * A replica in the JVM of the test: the whole Spring application, whose end of the process is the
 * end of its context. Thread-safe.
 */
final class InProcess implements Replica {

  private final Class<?> application;
  private final List<String> arguments;
  private final int port;
  private final Duration skew;
  private final Probe probe = new Probe();
  private final AtomicInteger restarts = new AtomicInteger();
  private volatile @Nullable Instant endedAt;
  private volatile boolean stopped;
  private @Nullable ConfigurableApplicationContext context;

  InProcess(Class<?> application, List<String> arguments, int port, Duration skew) {
    this.application = application;
    this.arguments = List.copyOf(arguments);
    this.port = port;
    this.skew = skew;
    start();
  }

  private synchronized void start() {
    if (stopped) {
      return;
    }
    SpringApplication spring = new SpringApplication(application);
    spring.setRegisterShutdownHook(false);
    spring.addInitializers(starting -> replace(starting.getBeanFactory()));
    context = spring.run(arguments.toArray(String[]::new));
  }

  private void replace(ConfigurableListableBeanFactory beans) {
    beans.registerSingleton("matrixProcessEnd", (ProcessEnd) this::ended);
    // The usual ones are the JVM's, and whoever ends first would end them for all.
    ReactorResourceFactory network = new ReactorResourceFactory();
    network.setUseGlobalResources(false);
    network.afterPropertiesSet();
    beans.registerSingleton("matrixNetwork", network);
    if (!skew.isZero()) {
      InstantSource clock = Clock.offset(Clock.systemUTC(), skew);
      beans.registerSingleton("matrixClock", clock);
    }
  }

  /** Called by a thread of the application, which the end of the context may wait for. */
  private void ended(String why) {
    Thread.ofVirtual().name("kubelet").start(this::restart);
  }

  private synchronized void restart() {
    if (!stopped) {
      end();
      restarts.incrementAndGet();
      start();
    }
  }

  private synchronized void end() {
    ConfigurableApplicationContext running = context;
    if (running != null) {
      context = null;
      running.close();
      endedAt = Instant.now();
    }
  }

  @Override
  public int restarts() {
    return restarts.get();
  }

  @Override
  public @Nullable Instant endedAt() {
    return endedAt;
  }

  @Override
  public boolean ready() {
    return probe.ready(port);
  }

  @Override
  public List<String> mistakes() {
    return List.of();
  }

  @Override
  public OptionalLong heap() {
    return OptionalLong.empty();
  }

  @Override
  public void stop() {
    stopped = true;
    end();
  }

  @Override
  public void close() {
    stop();
  }
}
