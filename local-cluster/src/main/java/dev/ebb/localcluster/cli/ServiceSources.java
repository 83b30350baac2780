package dev.ebb.localcluster.cli;

import dev.ebb.localcluster.ClusterException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A service's module in the working copy.
 *
 * @param repository the working copy
 * @param module its folder
 */
record ServiceSources(Repository repository, String module) {

  private static final Pattern MAIN = Pattern.compile("<image\\.main>(.+)</image\\.main>");

  /** The class that its image starts. */
  String main() {
    try {
      Matcher found = MAIN.matcher(Files.readString(folder().resolve("pom.xml")));
      if (found.find()) {
        return found.group(1);
      }
    } catch (IOException none) {
      // as one without a main class
    }
    throw new ClusterException("\"" + module + "\" is no service of this repository.");
  }

  /** Compiles it with what it needs, and returns its class path. */
  String compile() {
    main();
    return folder().resolve("target/classes") + ":" + classPath("runtime");
  }

  /** Compiles its tests too, and returns their class path, the tests' own classes first. */
  String compileTests() {
    Path target = folder().resolve("target");
    return target.resolve("test-classes")
        + ":"
        + target.resolve("classes")
        + ":"
        + classPath("test");
  }

  private String classPath(String scope) {
    Path list = folder().resolve("target/" + scope + ".classpath");
    // test-compile, because the test kit of one module is a dependency of another's tests
    try {
      repository.maven(
          "service",
          "-pl",
          module,
          "-am",
          "-Dmdep.includeScope=" + scope,
          "-Dmdep.outputFile=target/" + scope + ".classpath",
          "test-compile",
          "dependency:build-classpath");
      return Files.readString(list).strip();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private Path folder() {
    return repository.root().resolve(module);
  }
}
