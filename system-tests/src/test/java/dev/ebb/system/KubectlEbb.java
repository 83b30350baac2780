package dev.ebb.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.cli.Repository;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * {@code kubectl ebb}, as the real kubectl finds it on the PATH.
 *
 * @param cluster where it is asked
 * @param cache a folder of its own
 */
record KubectlEbb(Cluster cluster, Path cache) {

  /** How a command ended. */
  record Call(int exitCode, String out, String err) {}

  /** Runs {@code kubectl ebb …}, whatever its exit code. */
  Call run(String... words) {
    Path launcher = Repository.own().root().resolve("kubectl-ebb/target");
    List<String> command =
        Stream.concat(
                Stream.of(cluster.binDir().resolve("kubectl").toString(), "ebb"), Stream.of(words))
            .toList();
    ProcessBuilder builder = new ProcessBuilder(command);
    builder
        .environment()
        .merge(
            "PATH",
            cluster.binDir() + File.pathSeparator + launcher,
            (path, first) -> first + File.pathSeparator + path);
    builder.environment().put("KUBECONFIG", cluster.kubeconfig().toString());
    builder.environment().put("XDG_CACHE_HOME", cache.toString());
    try {
      Path out = Files.createTempFile(cache, "out", "");
      Path err = Files.createTempFile(cache, "err", "");
      Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
      process.getOutputStream().close();
      int exit = process.waitFor();
      return new Call(
          exit,
          Files.readString(out, StandardCharsets.UTF_8),
          Files.readString(err, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Runs {@code kubectl ebb …}, which must succeed. */
  Call good(String... words) {
    Call call = run(words);
    assertThat(call.exitCode()).as("%s: %s %s", List.of(words), call.out(), call.err()).isZero();
    return call;
  }
}
