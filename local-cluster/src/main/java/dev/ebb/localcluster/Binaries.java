package dev.ebb.localcluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The cluster's programs, built once for each content of their module.
 *
 * <p>A module's programs lie in a folder whose name is the hash of its files, the Go version and
 * the flags: nothing is ever overwritten, and a program is there as a whole or not at all. One
 * build runs at a time on a machine (a link takes up to 2.3 GB); who comes second waits and finds
 * the work done.
 */
final class Binaries {

  private static final Duration LONGEST_BUILD = Duration.ofMinutes(60);

  private final Path cache;
  private final GoTool go;
  private final Progress progress;

  Binaries(Path cache, GoTool go, Progress progress) {
    this.cache = cache;
    this.go = go;
    this.progress = progress;
  }

  /** Builds what is missing, in the given order, and says where everything is. */
  Map<GoBinary, Path> ensure(List<GoBinary> wanted) {
    if (!missing(wanted).isEmpty()) {
      FileLocks.with(
          cache.resolve("build.lock"),
          () -> progress.say("Another ebb is building the cluster's programs: waiting for it."),
          () -> build(missing(wanted)));
    }
    return wanted.stream().collect(Collectors.toMap(Function.identity(), this::path));
  }

  /** Those that have to be built first. */
  List<GoBinary> missing(Collection<GoBinary> wanted) {
    return wanted.stream().filter(binary -> !Files.isExecutable(path(binary))).toList();
  }

  private boolean build(List<GoBinary> missing) {
    progress.expect(missing.size());
    for (GoBinary binary : missing) {
      progress.step("build " + binary.program(), () -> build(binary));
    }
    return true;
  }

  private void build(GoBinary binary) {
    Path target = path(binary);
    Path unfinished = target.resolveSibling("." + binary.program() + ".unfinished");
    try {
      Files.createDirectories(target.getParent());
      Result result = compile(binary, unfinished);
      for (int again = 0; again < 2 && isNetwork(result); again++) {
        result = compile(binary, unfinished);
      }
      if (!result.ok()) {
        throw new ClusterException(
            binary.program() + " could not be built: " + lastLines(result.err()));
      }
      Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private Result compile(GoBinary binary, Path output) throws IOException {
    return Commands.run(
        List.of(
            go.program().toString(),
            "-C",
            sources(binary.module()).toString(),
            "build",
            "-trimpath",
            "-tags",
            binary.module().tags(),
            "-ldflags",
            binary.module().linkerFlags(),
            "-o",
            output.toString(),
            binary.goPackage()),
        GoTool.SETTINGS,
        LONGEST_BUILD);
  }

  /** A module that could not be fetched: worth another try, what was fetched is not lost. */
  private static boolean isNetwork(Result result) {
    return !result.ok() && result.err().contains(": Get \"http");
  }

  private static String lastLines(String text) {
    List<String> lines = text.lines().filter(line -> !line.startsWith("go: downloading")).toList();
    return String.join(" | ", lines.subList(Math.max(0, lines.size() - 3), lines.size()));
  }

  private Path path(GoBinary binary) {
    return cache.resolve("bin").resolve(key(binary.module())).resolve(binary.program());
  }

  /** Lays the module's files out where Go can read them, whether we come from a jar or not. */
  private Path sources(GoModule module) throws IOException {
    Path folder = cache.resolve("src").resolve(key(module));
    Files.createDirectories(folder);
    for (String file : module.files()) {
      Files.write(folder.resolve(file), content(module, file));
    }
    return folder;
  }

  private String key(GoModule module) {
    return key(module, go.version(), Binaries::content);
  }

  /** A module's folder name under {@code bin}: its name and the hash of all that goes in. */
  static String key(GoModule module, String goVersion, Contents contents) {
    MessageDigest digest = sha256();
    for (String part : List.of(goVersion, module.linkerFlags(), GoTool.SETTINGS.get("GOFLAGS"))) {
      digest.update((part + "\n").getBytes(StandardCharsets.UTF_8));
    }
    if (!module.tags().isEmpty()) {
      digest.update((module.tags() + "\n").getBytes(StandardCharsets.UTF_8));
    }
    for (String file : module.files()) {
      digest.update((file + "\n").getBytes(StandardCharsets.UTF_8));
      digest.update(contents.of(module, file));
    }
    return module.folder() + "-" + HexFormat.of().formatHex(digest.digest(), 0, 6);
  }

  /** Where a module's files are read from. */
  @FunctionalInterface
  interface Contents {
    byte[] of(GoModule module, String file);
  }

  private static byte[] content(GoModule module, String file) {
    String name = "go/" + module.folder() + "/" + file;
    try (InputStream resource = Binaries.class.getResourceAsStream(name)) {
      if (resource == null) {
        throw new ClusterException("local-cluster was packaged without " + name);
      }
      return resource.readAllBytes();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
