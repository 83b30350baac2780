package dev.ebb.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** {@code kubectl ebb pause}. */
@Command(
    name = "pause",
    mixinStandardHelpOptions = true,
    description = {
      "Leave workloads as they are, for a time or until they are resumed.",
      "What sleeps stays at zero, and its callers get 503. Services of pools keep their pods."
    })
final class PauseCommand implements Callable<Integer> {

  @Mixin private Names names = new Names();

  @Option(
      names = "--for",
      paramLabel = "DURATION",
      description = "How long, as in 90s or 1h30m; without it until resume")
  private @Nullable String length;

  @Override
  public Integer call() {
    return names.askOf(
        Kind.PAUSED_BY_MODE,
        "pause",
        length == null ? null : JsonMapper.shared().createObjectNode().put("for", length));
  }
}
