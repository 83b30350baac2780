package dev.ebb.nodescaler.config;

import dev.ebb.nodescaler.config.KubescalerSettings.MistakesException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Lists all that is wrong with the configuration, instead of a stack trace. */
final class Mistakes extends AbstractFailureAnalyzer<MistakesException> {

  @Override
  protected FailureAnalysis analyze(Throwable root, MistakesException cause) {
    return new FailureAnalysis(
        String.valueOf(cause.getMessage()),
        "Correct them in the flags, the variables or config.yaml; docs/node-scaler.md lists all keys.",
        root);
  }
}
