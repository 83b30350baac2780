package dev.ebb.testkit.matrix;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

/**
 * Collects what must never happen in the services that run in this JVM: what no thread caught, and
 * the bugs that a loop caught and logged with a stack trace. All other logging is off while it is
 * open: the logs of a dozen services would be a jumble. Thread-safe.
 */
final class Mistakes implements AutoCloseable {

  private static final String OURS = "dev.ebb";

  private final List<String> texts = new CopyOnWriteArrayList<>();
  private final Thread.UncaughtExceptionHandler before;
  private final Logger logger;
  private final Collector collector = new Collector();

  /** Begins to listen. */
  Mistakes() {
    LoggingSystem.get(Mistakes.class.getClassLoader()).setLogLevel("ROOT", LogLevel.OFF);
    System.setProperty(LoggingSystem.SYSTEM_PROPERTY, LoggingSystem.NONE);
    this.logger = (Logger) LoggerFactory.getLogger(OURS);
    logger.setLevel(Level.ERROR);
    logger.setAdditive(false);
    collector.setContext(logger.getLoggerContext());
    collector.start();
    logger.addAppender(collector);
    this.before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((thread, failure) ->
        texts.add("uncaught in " + thread.getName() + ": " + Stacks.of(failure)));
  }

  /** Returns all so far. */
  List<String> all() {
    return List.copyOf(texts);
  }

  /** Returns those that name an object of a namespace. */
  List<String> in(String namespace) {
    return texts.stream().filter(text -> text.contains(namespace + "/")).toList();
  }

  @Override
  public void close() {
    Thread.setDefaultUncaughtExceptionHandler(before);
    logger.detachAppender(collector);
    collector.stop();
  }

  /** Takes errors that show where they come from; others tell of the world outside. */
  private final class Collector extends AppenderBase<ILoggingEvent> {
    @Override
    protected void append(ILoggingEvent event) {
      if (event.getLevel().isGreaterOrEqual(Level.ERROR) && event.getThrowableProxy() != null) {
        texts.add(event.getFormattedMessage() + ": " + Stacks.of(event.getThrowableProxy()));
      }
    }
  }
}
