package dev.ebb.benchmarks.lab;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** Where a figure comes from. */
final class Machine {

  private Machine() {}

  /** Commit, date, number of processors and their model. */
  static String describe() {
    return "commit "
        + git()
        + ", "
        + LocalDate.now(ZoneOffset.UTC)
        + ", "
        + Runtime.getRuntime().availableProcessors()
        + " × "
        + model();
  }

  private static String git() {
    try {
      Process process =
          new ProcessBuilder("git", "describe", "--always", "--dirty")
              .directory(Path.of(System.getenv().getOrDefault("EBB_HOME", ".")).toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      try (InputStream out = process.getInputStream()) {
        String text = new String(out.readAllBytes(), StandardCharsets.UTF_8).strip();
        return text.isEmpty() ? "unknown" : text;
      }
    } catch (IOException noGit) {
      return "unknown";
    }
  }

  private static String model() {
    try {
      return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("processor");
    } catch (IOException unknown) {
      return "processor";
    }
  }
}
