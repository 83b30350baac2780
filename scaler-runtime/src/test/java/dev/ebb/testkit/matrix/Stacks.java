package dev.ebb.testkit.matrix;

import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import java.util.stream.Collectors;

/** Stack traces as text, short enough to be read. */
final class Stacks {

  private static final int LINES = 15;

  private Stacks() {}

  static String of(Throwable failure) {
    return of(new ThrowableProxy(failure));
  }

  static String of(IThrowableProxy failure) {
    return ThrowableProxyUtil.asString(failure)
        .lines()
        .limit(LINES)
        .collect(Collectors.joining("\n"));
  }
}
