package dev.ebb.localcluster.cli;

import dev.ebb.localcluster.ClusterException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * The working copy that {@code ./ebb} lies in: images are built from it.
 *
 * @param root its folder
 */
public record Repository(Path root) {

  /** The module of each image, and the image's name. */
  public enum Image {
    /** The autoscaler. */
    AUTOSCALER("autoscaler", "autoscaler"),
    /** The gateway. */
    DLX_GATEWAY("dlx-gateway", "dlx-gateway"),
    /** The time-scaler. */
    TIME_SCALER("time-scaler", "time-scaler"),
    /** The selector-operator. */
    SELECTOR_OPERATOR("selector-operator", "selector-operator"),
    /** The cleanup-controller. */
    CLEANUP_CONTROLLER("cleanup-controller", "cleanup-controller"),
    /** The node-scaler. */
    NODE_SCALER("node-scaler", "node-scaler"),
    /** The console. */
    ADMIN_CONSOLE("admin-console", "admin-console"),
    /** The workload of demo and tests. */
    SAMPLE("samples/hello", "sample-hello");

    private final String module;
    private final String shortName;

    Image(String module, String shortName) {
      this.module = module;
      this.shortName = shortName;
    }

    /** The folder of the module. */
    String module() {
      return module;
    }

    /** The image's name without repository and tag. */
    String shortName() {
      return shortName;
    }
  }

  private static final List<String> IMAGE_SOURCES =
      List.of(
          "pom.xml",
          ".mvn/image.sh",
          "scaler-api",
          "scaler-runtime",
          "autoscaler",
          "dlx-gateway",
          "time-scaler",
          "selector-client",
          "time-plan",
          "selector-operator",
          "cleanup-controller",
          "node-scaler",
          "admin-console",
          "samples/hello");

  /** The working copy of the launcher, or of the build, that started us: {@code EBB_HOME}. */
  public static Repository own() {
    String home = System.getenv("EBB_HOME");
    if (home == null || !Files.exists(Path.of(home, "mvnw"))) {
      throw new ClusterException("This verb works in a clone of the repository only: call ./ebb");
    }
    return new Repository(Path.of(home));
  }

  /** Builds all images, unless nothing changed since they were built. */
  public void buildImages() {
    String now = fingerprint(IMAGE_SOURCES);
    Path stamp = root.resolve("local-cluster/target/images.stamp");
    try {
      boolean present = Stream.of(Image.values()).allMatch(image -> Files.exists(tar(image)));
      if (present && Files.exists(stamp) && Files.readString(stamp).equals(now + ids())) {
        return;
      }
      String modules = String.join(",", Stream.of(Image.values()).map(Image::module).toList());
      maven("images", "-pl", modules, "-am", "package");
      Files.writeString(stamp, now + ids());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Runs Maven, silently; its output goes to a log, and the first error into the exception. */
  void maven(String what, String... words) throws IOException {
    Path log = root.resolve("local-cluster/target/" + what + ".log");
    List<String> command = new ArrayList<>(List.of(root.resolve("mvnw").toString(), "-q"));
    command.addAll(List.of("-DskipTests", "-Dspotless.check.skip=true"));
    command.addAll(List.of(words));
    Process process =
        new ProcessBuilder(command)
            .directory(root.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      if (process.waitFor() != 0) {
        String why =
            Files.readAllLines(log).stream()
                .filter(line -> line.startsWith("[ERROR]"))
                .findFirst()
                .orElse("no reason given");
        throw new ClusterException(what + " could not be built: " + why + " (log: " + log + ")");
      }
    } catch (InterruptedException interrupted) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new ClusterException("interrupted while building " + what, interrupted);
    }
  }

  /** The image as a tar that a container runtime imports. */
  public Path tar(Image image) {
    return root.resolve(image.module()).resolve("target/jib-image.tar");
  }

  /** The hash that changes with the image's content, in a form that fits an annotation. */
  String id(Image image) {
    Path file = root.resolve(image.module()).resolve("target/jib-image.id");
    try {
      return Files.readString(file).strip();
    } catch (IOException missing) {
      throw new ClusterException("no image of " + image.module() + " at " + file, missing);
    }
  }

  /** The umbrella chart. */
  public Path chart() {
    return root.resolve("charts/ebb");
  }

  /** The sample's objects. */
  Path sample() {
    return root.resolve("samples/hello/k8s.yaml");
  }

  private String ids() {
    return Stream.of(Image.values()).map(this::id).reduce("", (all, id) -> all + "\n" + id);
  }

  /** The hash over files and folders of the working copy; what builds write does not count. */
  String fingerprint(List<String> places) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String place : places) {
        if (Files.exists(root.resolve(place))) {
          digest(digest, root.resolve(place));
        }
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private void digest(MessageDigest digest, Path place) throws IOException {
    try (Stream<Path> tree = Files.walk(place)) {
      List<Path> files =
          tree.filter(Files::isRegularFile).filter(file -> !isOutput(file)).sorted().toList();
      for (Path file : files) {
        digest.update(root.relativize(file).toString().getBytes(StandardCharsets.UTF_8));
        digest.update(Files.readAllBytes(file));
      }
    }
  }

  private boolean isOutput(Path file) {
    return Stream.iterate(file, p -> p != null && !p.equals(root), Path::getParent)
        .anyMatch(p -> p.endsWith("target"));
  }
}
