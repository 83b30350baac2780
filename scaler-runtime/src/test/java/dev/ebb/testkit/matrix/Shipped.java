package dev.ebb.testkit.matrix;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The service as it is shipped: the class path without what only tests need, and the image's flags.
 * Its AOT cache is not made here: that takes longer than the starts that it would shorten.
 *
 * @param command the JVM and its flags
 * @param classPath what is shipped
 * @param main its main class
 */
record Shipped(List<String> command, String classPath, String main) {

  private static final List<String> FLAGS =
      List.of(
          "-XX:TieredStopAtLevel=1",
          "-XX:+UseSerialGC",
          "-XX:+UseCompactObjectHeaders",
          "-XX:+ExitOnOutOfMemoryError",
          "-Xmx160m",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  /** Looks how a service is shipped. */
  static Shipped of(Service service) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classPath =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .filter(entry -> !entry.isEmpty())
            .filter(entry -> !entry.contains("test-classes") && !entry.endsWith("-tests.jar"))
            .collect(Collectors.joining(File.pathSeparator));
    return new Shipped(
        Stream.concat(Stream.of(java), FLAGS.stream()).toList(),
        classPath,
        service.application().getName());
  }

  /** Returns the command that starts it. */
  List<String> command(List<String> options, List<String> arguments) {
    return Stream.of(command, options, List.of("-cp", classPath, main), arguments)
        .flatMap(List::stream)
        .toList();
  }
}
