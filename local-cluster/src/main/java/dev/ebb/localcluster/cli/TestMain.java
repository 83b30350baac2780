package dev.ebb.localcluster.cli;

import dev.ebb.localcluster.ClusterException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A main class among a module's tests, compiled and run as a child. */
final class TestMain {

  private final Repository repository;
  private final String module;

  TestMain(Repository repository, String module) {
    this.repository = repository;
    this.module = module;
  }

  /** Runs a class with these words, on the caller's streams; its exit code. */
  int run(String main, List<String> words) {
    System.err.println("ebb: compiling " + module + " and its tests …");
    String classPath = new ServiceSources(repository, module).compileTests();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseParallelGC", "-Xmx1g", "-cp", classPath, main));
    command.addAll(words);
    try {
      // In the module's folder, as its tests are run.
      return new ProcessBuilder(command)
          .directory(repository.root().resolve(module).toFile())
          .inheritIO()
          .start()
          .waitFor();
    } catch (IOException failed) {
      throw new ClusterException("java cannot be run: " + failed.getMessage(), failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new ClusterException("interrupted", interrupted);
    }
  }
}
