package dev.ebb.runtime.plugin;

/**
 * A plug-in cannot be used as it is. The message is one line for whoever put the jar there: jar,
 * class, what is wrong and what to do.
 */
final class PluginException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  PluginException(String message) {
    super(message);
  }

  PluginException(String message, Throwable cause) {
    super(message, cause);
  }
}
