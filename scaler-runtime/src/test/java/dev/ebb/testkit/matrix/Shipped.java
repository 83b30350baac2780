package dev.ebb.testkit.matrix;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The service as it is shipped: the class path without what only tests need, the image's flags, and
 * an AOT cache as in the image where the class path allows it (jars alone, as in a build). Without
 * the cache a start takes three times as long.
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

  /** Looks how a service is shipped, and trains its cache, which takes some seconds. */
  static Shipped of(Service service, Path kubeconfig) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String main = service.application().getName();
    List<String> entries =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .filter(entry -> !entry.isEmpty())
            .filter(entry -> !entry.contains("test-classes") && !entry.endsWith("-tests.jar"))
            .toList();
    String classPath = String.join(File.pathSeparator, entries);
    List<String> plain = Stream.concat(Stream.of(java), FLAGS.stream()).toList();
    Path cache = service.folder().resolve("service.aot");
    if (entries.stream().allMatch(entry -> entry.endsWith(".jar"))
        && train(plain, cache, classPath, main, kubeconfig)) {
      return new Shipped(
          Stream.concat(plain.stream(), Stream.of("-XX:AOTCache=" + cache)).toList(),
          classPath,
          main);
    }
    return new Shipped(plain, classPath, main);
  }

  private static boolean train(
      List<String> plain, Path cache, String classPath, String main, Path kubeconfig) {
    List<String> training =
        List.of(
            "-XX:AOTCacheOutput=" + cache,
            "-Dspring.context.exit=onRefresh",
            "-cp",
            classPath,
            main,
            "--ebb.kubeconfig=" + kubeconfig,
            "--server.port=0");
    try {
      Files.createDirectories(cache.toAbsolutePath().getParent());
      Process process =
          new ProcessBuilder(Stream.concat(plain.stream(), training.stream()).toList())
              .redirectErrorStream(true)
              .redirectOutput(cache.resolveSibling("training.log").toFile())
              .start();
      boolean ended = process.waitFor(4, TimeUnit.MINUTES);
      process.destroyForcibly();
      return ended && process.exitValue() == 0 && Files.exists(cache);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Returns the command that starts it. */
  List<String> command(List<String> options, List<String> arguments) {
    return Stream.of(command, options, List.of("-cp", classPath, main), arguments)
        .flatMap(List::stream)
        .toList();
  }
}
