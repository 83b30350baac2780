package dev.ebb.benchmarks.proxy;

import dev.ebb.localcluster.Environment;
import dev.ebb.localcluster.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Programs of this machine; those of Debian and Ubuntu are installed where they are missing and
 * that is possible.
 *
 * @param progress is told what is installed, and what cannot be
 */
record Tools(Progress progress) {

  /**
   * Finds a program.
   *
   * @param debianPackage what to install for it
   */
  Optional<Path> find(String program, String debianPackage) {
    Environment environment = Environment.system();
    Optional<Path> there = environment.program(program);
    if (there.isEmpty() && environment.program("apt-get").isPresent()) {
      progress.say("Installing " + debianPackage + " (apt-get)");
      if (!install(debianPackage)) {
        progress.say("apt-get install " + debianPackage + " failed");
      }
      there = environment.program(program);
    }
    return there;
  }

  private static boolean install(String debianPackage) {
    return run(List.of("apt-get", "install", "-y", "--no-install-recommends", debianPackage))
        || (run(List.of("apt-get", "update"))
            && run(List.of("apt-get", "install", "-y", "--no-install-recommends", debianPackage)));
  }

  private static boolean run(List<String> command) {
    try {
      return new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException noSuchProgram) {
      return false;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
