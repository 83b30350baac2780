package dev.ebb.runtime.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.ebb.scaler.ResourceKey;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Every line of the log that is written during a reconcile says which object it is about. */
class LoopContextTest {

  private static final class Lines extends AppenderBase<ILoggingEvent> {
    private final List<ILoggingEvent> all = new CopyOnWriteArrayList<>();

    @Override
    protected void append(ILoggingEvent event) {
      event.prepareForDeferredProcessing();
      all.add(event);
    }

    Map<String, String> fieldsOf(String text) {
      return all.stream()
          .filter(event -> event.getFormattedMessage().contains(text))
          .findFirst()
          .map(ILoggingEvent::getMDCPropertyMap)
          .orElse(Map.of());
    }
  }

  private final Logger logger = (Logger) LoggerFactory.getLogger("dev.ebb");
  private final Lines lines = new Lines();
  private Level before;

  @BeforeEach
  void listen() {
    before = logger.getLevel();
    logger.setLevel(Level.INFO);
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void stop() {
    logger.detachAppender(lines);
    logger.setLevel(before);
  }

  @Test
  void namesControllerObjectAndGenerationAlsoWhereTheLoopItselfSpeaks() {
    org.slf4j.Logger own = LoggerFactory.getLogger("dev.ebb.test");
    try (ReconcileLoop<ResourceKey> loop =
        new ReconcileLoop<>(
            "sites",
            key -> {
              if (key.name().equals("shop")) {
                LoopContext.generation(7);
                own.info("looking at the shop");
                throw new TerminalException("no shop");
              }
              own.info("looking at the other");
              return Reconciler.Result.DONE;
            },
            new SimpleMeterRegistry())) {
      loop.start(1);
      loop.add(new ResourceKey("ns", "shop"));
      await().until(() -> loop.status().failing() == 1);
      loop.add(new ResourceKey("ns", "other"));
      await().until(() -> !lines.fieldsOf("looking at the other").isEmpty());

      Map<String, String> shop =
          Map.of("controller", "sites", "namespace", "ns", "name", "shop", "generation", "7");
      assertThat(lines.fieldsOf("looking at the shop")).isEqualTo(shop);
      assertThat(lines.fieldsOf("no shop")).isEqualTo(shop);
      assertThat(lines.fieldsOf("looking at the other"))
          .isEqualTo(Map.of("controller", "sites", "namespace", "ns", "name", "other"));
    }
  }

  @Test
  void otherKeysAreNamedWhole() {
    try (LoopContext context = LoopContext.of("workloads", "Deployment ns/shop")) {
      assertThat(org.slf4j.MDC.getCopyOfContextMap())
          .isEqualTo(Map.of("controller", "workloads", "key", "Deployment ns/shop"));
      assertThat(context).isNotNull();
    }
    assertThat(org.slf4j.MDC.get("key")).isNull();
  }
}
