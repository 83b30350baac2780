package dev.ebb.localcluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;

/**
 * A Go program that somebody brings along: one file, the standard library alone. Built as the
 * cluster's own programs are, once for each content of its source and each version of Go.
 *
 * @param name what it is called
 * @param source its {@code main.go}
 */
public record GoProgram(String name, String source) {

  private static final Duration LONGEST_BUILD = Duration.ofMinutes(10);

  /** Builds it unless it was built before, and says where it is. */
  public Path build(Progress progress) {
    Environment environment = Environment.system();
    GoTool go =
        GoTool.find(environment)
            .orElseThrow(() -> new ClusterException("Go " + GoTool.NEEDED + " is needed"));
    String key = name + "-" + hash(go);
    Path program = environment.cache().resolve("bin").resolve(key).resolve(name);
    if (!Files.isExecutable(program)) {
      FileLocks.with(
          environment.cache().resolve("build.lock"),
          () -> progress.say("Another ebb is building programs: waiting for it."),
          () -> build(go, environment.cache().resolve("src").resolve(key), program));
    }
    return program;
  }

  private Path build(GoTool go, Path folder, Path program) {
    try {
      Files.createDirectories(folder);
      Files.createDirectories(program.getParent());
      Files.writeString(folder.resolve("go.mod"), "module ebb.dev/" + name + "\n\ngo 1.26.0\n");
      Files.writeString(folder.resolve("main.go"), source);
      Path unfinished = program.resolveSibling("." + name + ".unfinished");
      Result result =
          Commands.run(
              List.of(
                  go.program().toString(),
                  "-C",
                  folder.toString(),
                  "build",
                  "-trimpath",
                  "-o",
                  unfinished.toString(),
                  "."),
              GoTool.SETTINGS,
              LONGEST_BUILD);
      if (!result.ok()) {
        throw new ClusterException(name + " could not be built: " + result.err().strip());
      }
      return Files.move(unfinished, program, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private String hash(GoTool go) {
    byte[] content = (go.version() + "\n" + source).getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(Binaries.sha256().digest(content), 0, 6);
  }
}
