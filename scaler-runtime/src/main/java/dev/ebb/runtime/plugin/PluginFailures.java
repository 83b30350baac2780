package dev.ebb.runtime.plugin;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Says in one line which plug-in ended the start, instead of a stack trace. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class PluginFailures implements FailureAnalyzer {

  private final BeanFactory beans;

  PluginFailures(BeanFactory beans) {
    this.beans = beans;
  }

  @Override
  public @Nullable FailureAnalysis analyze(Throwable failure) {
    // The innermost: a plug-in that only waits for somebody else's broken bean is not to blame.
    BeanCreationException creation = null;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof PluginException) {
        return new FailureAnalysis(String.valueOf(cause.getMessage()), null, cause);
      }
      if (cause instanceof BeanCreationException e) {
        creation = e;
      }
    }
    String name = creation == null ? null : creation.getBeanName();
    if (creation == null || name == null) {
      return null;
    }
    Path jar = jar(name);
    if (jar == null) {
      return null;
    }
    String message =
        PluginScan.at(jar, name)
            + " cannot be created: "
            + NestedExceptionUtils.getMostSpecificCause(creation)
            + "; correct its constructor or what it asks for, or remove the jar";
    return new FailureAnalysis(message, null, failure);
  }

  private @Nullable Path jar(String bean) {
    return beans instanceof ConfigurableListableBeanFactory factory
            && factory.containsBeanDefinition(bean)
            && factory.getBeanDefinition(bean).getAttribute(Plugins.JAR) instanceof Path jar
        ? jar
        : null;
  }
}
