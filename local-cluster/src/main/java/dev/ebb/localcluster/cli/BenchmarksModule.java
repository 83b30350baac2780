package dev.ebb.localcluster.cli;

import dev.ebb.localcluster.ClusterException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The module {@code benchmarks} of the working copy, run as a child: it is compiled when its
 * sources changed, so that the launcher itself stays small and quick.
 */
final class BenchmarksModule {

  private static final String MAIN = "dev.ebb.benchmarks.Benchmarks";
  private static final List<String> SOURCES =
      List.of(
          "pom.xml",
          "local-cluster/pom.xml",
          "local-cluster/src/main",
          "scaler-api/src/main",
          "scaler-runtime/src/main",
          "time-plan/src/main",
          "selector-client/src/main",
          "selector-operator/src/main",
          "benchmarks");

  private final Repository repository;

  BenchmarksModule(Repository repository) {
    this.repository = repository;
  }

  /** Runs the module's main class with these words, on the caller's streams; its exit code. */
  int run(List<String> words) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx512m"));
    command.addAll(List.of("-cp", classPath(), MAIN));
    command.addAll(words);
    try {
      return new ProcessBuilder(command).inheritIO().start().waitFor();
    } catch (IOException failed) {
      throw new ClusterException("java cannot be run: " + failed.getMessage(), failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new ClusterException("interrupted", interrupted);
    }
  }

  private String classPath() {
    Path target = repository.root().resolve("benchmarks/target");
    Path stamp = target.resolve("ebb.stamp");
    Path classPath = target.resolve("ebb.classpath");
    String now = repository.fingerprint(SOURCES);
    try {
      boolean current = Files.exists(stamp) && Files.readString(stamp).equals(now);
      if (!current || !Files.isDirectory(target.resolve("classes"))) {
        System.err.println("ebb: compiling the benchmarks (their sources changed) …");
        repository.maven(
            "benchmarks",
            "-pl",
            "benchmarks",
            "-am",
            // Nothing of the tests is compiled; the phase tells Maven that they are found here.
            "-Dmaven.test.skip",
            "test-compile",
            "dependency:build-classpath",
            "-Dmdep.includeScope=runtime",
            "-Dmdep.outputFile=target/ebb.classpath");
        Files.writeString(stamp, now);
      }
      return target.resolve("classes") + File.pathSeparator + Files.readString(classPath);
    } catch (IOException failed) {
      throw new ClusterException("the benchmarks cannot be built: " + failed.getMessage(), failed);
    }
  }
}
